package check

import "slices"

// needEnd are the hints that are right only of a capture that is there to its
// end: in one that is not, what they miss may have stood behind.
var needEnd = []string{
	"hint.empty", "hint.nothing", "hint.page", "hint.upgrade", "hint.login", "hint.nick",
	"hint.say", "hint.message", "hint.answer", "hint.ended", "hint.unanswered", "hint.notpassed",
}

// endsEarly notes that the file could not be read to its end.
func (r *Report) endsEarly(f Fault) {
	r.Fault = f
	r.Ends = say("note."+string(f), "packets", r.Total)
	r.Notes = slices.Insert(r.Notes, 0, r.Ends)
	if f == Trailing { // all packets are there
		return
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; slices.Contains(needEnd, s.Hint.Key()) {
			s.Hint = say("hint." + string(f))
		}
	}
}
