package guide

import (
	"slices"

	"chatlab/sniffer/catalogue"
)

// StandIn tells the lesson from which port the scripted browser connects next that
// acts in the student's place.
func (l *Lesson) StandIn(port uint16) { l.standInPort, l.standsIn = port, true }

// stoodIn tells whether r belongs to that browser, not to the student's.
func (l *Lesson) stoodIn(r *record) bool { return slices.Contains(l.state.StandIns, r.conv) }

// who names who acts: the student's browser or the scripted one.
func who(scripted bool) catalogue.Message {
	return texts.Message(map[bool]string{false: "who.student", true: "who.scripted"}[scripted])
}

// speaker adds to args who has the connection of r: who it is, whose something is,
// and the message that was sent on it. A text speaks of the student only where it
// was the student.
func (l *Lesson) speaker(r *record, args ...any) []any {
	whose, message := "whose.student", "message.student"
	if l.stoodIn(r) {
		whose, message = "whose.scripted", "message.scripted"
	}
	return append(args, "who", who(l.stoodIn(r)), "whose", texts.Message(whose), "message", texts.Message(message))
}
