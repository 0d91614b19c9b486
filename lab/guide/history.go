package guide

import "slices"

// Nothing that was answered is forgotten: an answer that back or reset took back does
// not stand any more, but the report has it. What happened between the packets is
// kept too, to be told where it happened.

// Undoing is what took an answer back. The zero value is none: the answer stands.
type Undoing string

// The undoings.
const (
	ByBack  Undoing = "back"
	ByReset Undoing = "reset"
)

// Happening is what an Event tells of.
type Happening string

// The happenings.
const (
	LessonLeft  Happening = "left"  // the lesson was left, and is gone on with
	StepReset   Happening = "reset" // a step is done again
	StepSkipped Happening = "skip"  // a scripted browser does a step
)

// Event is something that happened before the packet of index At.
type Event struct {
	At   int       `json:"at"`
	What Happening `json:"what"`
	Step Step      `json:"step"`
	// From is the step from which the student went back to Step.
	From Step `json:"from,omitempty"`
}

// happened keeps an event. A lesson that is left twice with nothing between was left once.
func (l *Lesson) happened(what Happening, step, from Step) {
	e := Event{At: len(l.trace.records), What: what, Step: step, From: from}
	if n := len(l.state.Events); n == 0 || what != LessonLeft || l.state.Events[n-1] != e {
		l.state.Events = append(l.state.Events, e)
	}
}

// resets is how often a step was done again.
func (s *State) resets(step Step) (n int) {
	for _, e := range s.Events {
		if e.What == StepReset && step.index() >= e.Step.index() && step.index() <= e.From.index() {
			n++
		}
	}
	return n
}

// standing tells whether an answer counts: it is over and was not taken back.
func (a *Answer) standing() bool { return a.Undone == "" }

func (l *Lesson) answered(id string) bool {
	return slices.ContainsFunc(l.state.Answers, func(a Answer) bool { return a.Question == id && a.standing() })
}

// lastStanding is the index of the last answer that counts, or -1.
func (l *Lesson) lastStanding() int {
	for i := len(l.state.Answers) - 1; i >= 0; i-- {
		if l.state.Answers[i].standing() {
			return i
		}
	}
	return -1
}

// undo takes answers back, and what was tried at the present question.
func (l *Lesson) undo(how Undoing, undone func(i int, a *Answer) bool) {
	for i := range l.state.Answers {
		if a := &l.state.Answers[i]; a.standing() && undone(i, a) {
			a.Undone = how
		}
	}
	if p := l.state.Pending; p.Question != "" && (len(p.Given) > 0 || p.Hints > 0) {
		p.Outcome, p.Undone = Open, how
		l.state.Answers = append(l.state.Answers, p)
	}
	l.state.Pending = Answer{At: -1}
	l.question = nil
}

// triesBefore is how often the question of the i-th answer had been answered before,
// in answers that were taken back. known tells whether the right answer had been told.
func (s *State) triesBefore(i int) (tries int, known bool) {
	for _, a := range s.Answers[:i] {
		if a.Question == s.Answers[i].Question {
			tries += len(a.Given)
			known = known || a.Outcome != Open
		}
	}
	return tries, known
}

// firstTry tells whether the i-th answer is right and the first that was ever given to
// its question.
func (s *State) firstTry(i int) bool {
	tries, known := s.triesBefore(i)
	a := s.Answers[i]
	return a.Outcome == Right && len(a.Given) == 1 && tries == 0 && !known
}

// score counts the answers that stand.
type score struct{ first, later, wrong, skipped, undone int }

func (s *State) score() (c score) {
	for i, a := range s.Answers {
		switch {
		case !a.standing():
			c.undone++
		case s.firstTry(i):
			c.first++
		case a.Outcome == Right:
			c.later++
		case a.Outcome == Wrong:
			c.wrong++
		default:
			c.skipped++
		}
	}
	return c
}

// results says how the questions were answered.
func (l *Lesson) results() (lines []string) {
	c := l.state.score()
	lines = append(lines, l.text("end.answers", "of", c.first+c.later+c.wrong+c.skipped, "first", c.first, "later", c.later, "wrong", c.wrong, "skipped", c.skipped))
	if c.undone > 0 {
		lines = append(lines, l.text("end.undone", "n", c.undone))
	}
	return lines
}
