package guide

import (
	"slices"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// live goes on in a step that is seen on the wire. It tells whether the step is
// done.
func (l *Lesson) live() bool {
	for l.state.Cursor < len(l.trace.records) {
		i := l.state.Cursor
		r := l.trace.records[i]
		if l.prelude(r) || l.stranger(r) {
			l.state.Cursor++
			continue
		}
		if l.state.Step.index() < Nickname.index() {
			break // it belongs to a later step
		}
		if l.state.Step == Nickname && !l.scripted(r.client) && l.done(false) && holds(r, isMessage(dissect.Client, chat.Say)) {
			l.finishStep()
			return true
		}
		if r.comment.Heartbeat {
			l.beats = append(l.beats, r)
			l.state.Cursor++
			continue
		}
		l.tellHeartbeats()
		if asked := l.predictions(i); len(asked) > 0 {
			l.ask(asked[0])
			return false
		}
		l.show(i)
		l.state.Cursor++
		l.astray(r)
	}
	if l.done(!l.quiet) {
		l.tellHeartbeats()
		l.finishStep()
		return true
	}
	return false
}

// tellHeartbeats tells of the heartbeats that were passed over.
func (l *Lesson) tellHeartbeats() {
	if len(l.beats) > 0 {
		l.out = append(l.out, Output{Kind: Sentence, Text: l.heartbeats(l.beats)})
		l.beats = nil
	}
}

// heartbeats names packets that belong to heartbeats alone.
func (l *Lesson) heartbeats(beats []*record) string {
	return l.text("heartbeats", "n", len(beats), "first", beats[0].number, "last", beats[len(beats)-1].number)
}

func holds(r *record, wanted func(*unit) bool) bool { return slices.ContainsFunc(r.units, wanted) }

// done tells whether the present live step has happened, in what was shown so
// far. If it is strict, with every packet that is due.
func (l *Lesson) done(strict bool) bool { return l.doneBy(l.state.Cursor, strict) }

// doneBy is the same for the packets before the index end.
func (l *Lesson) doneBy(end int, strict bool) bool {
	switch l.state.Step {
	case Capture:
		return l.otherPort() != 0
	case Page:
		return l.state.PageSeen
	case Nickname:
		return l.delivered(l.loginUnit(), chat.Login, end, strict)
	case Message:
		return l.delivered(l.sayUnit(), chat.Say, end, strict)
	}
	return false
}

// delivered tells whether what the student sent has reached everybody, and if
// strict whether everybody has acknowledged it.
func (l *Lesson) delivered(sent *unit, kind chat.Type, end int, strict bool) bool {
	if sent == nil || sent.record.number > end {
		return false
	}
	arrived := func(wanted func(*record) bool) bool {
		u := l.trace.find(sent.record.number-1, end, func(u *unit) bool { return isMessage(dissect.Server, kind)(u) && wanted(u.record) })
		return u != nil && (!strict || u.ackedBy != nil && u.ackedBy.number <= end)
	}
	mine := arrived(func(r *record) bool { return r.conv == sent.record.conv })
	if !strict {
		// Of what is said to one other member alone the sender may hear nothing.
		return mine || kind == chat.Say && sent.ackedBy != nil
	}
	return mine && (l.otherPort() == 0 || arrived(func(r *record) bool { return l.scripted(r.client) }))
}

// loginUnit is the student's login in this step.
func (l *Lesson) loginUnit() *unit { return l.sentUnit(chat.Login, l.state.Begin[Nickname]) }

// sayUnit is what the student said in this step.
func (l *Lesson) sayUnit() *unit { return l.sentUnit(chat.Say, l.state.Begin[Message]) }

// sentUnit gives the first that was answered, or else the last: a lesson that was
// left in between, or a page that was loaded again, has the student send it once
// more on another connection. What is said to one other member alone may have no
// answer but TCP's.
func (l *Lesson) sentUnit(kind chat.Type, begin int) (sent *unit) {
	for _, u := range l.trace.units {
		if u.record.number <= begin || !isMessage(dissect.Client, kind)(u) || !l.students(u.record) || !l.state.Task.fits(&u.message) {
			continue
		}
		sent = u
		if kind == chat.Say && u.ackedBy != nil || l.trace.find(u.record.number-1, len(l.trace.records), func(answer *unit) bool {
			return isMessage(dissect.Server, kind)(answer) && answer.record.conv == u.record.conv
		}) != nil {
			break
		}
	}
	return sent
}

// finishStep says that the present step is done and goes to the next.
func (l *Lesson) finishStep() {
	args := []any{"port", l.trace.port, "page", l.pagePort}
	switch l.state.Step {
	case Capture:
		packets := 0
		for _, r := range l.trace.records {
			if l.scripted(r.client) {
				packets++
			}
		}
		args = append(args, "client", l.otherPort(), "packets", packets)
	case Page:
		args = append(args, "who", who(slices.Contains(l.state.StoodIn, Page)))
	case Nickname:
		u := l.loginUnit()
		args = append(args, "name", l.quote(u.message.Name), "client", u.record.client, "packet", u.record.number)
	case Message:
		u := l.sayUnit()
		args = append(args, "text", l.quote(u.message.Content), "packet", u.record.number)
	}
	l.output(Success, "done."+string(l.state.Step), args...)
	l.enter(l.state.Step.next())
}
