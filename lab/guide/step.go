package guide

import (
	"slices"

	"chatlab/sniffer/catalogue"
)

// Step is a part of the lesson.
type Step string

// The steps: the four documented ones, which the student does and the wire
// shows, and then the reading.
const (
	Capture   Step = "capture"
	Page      Step = "page"
	Nickname  Step = "nickname"
	Message   Step = "message"
	Handshake Step = "handshake"
	Upgrade   Step = "upgrade"
	Masking   Step = "masking"
	Acks      Step = "acks"
	// End is where a finished lesson stands.
	End Step = "end"
)

// Steps are all steps of the lesson, in their order, without End.
var Steps = []Step{Capture, Page, Nickname, Message, Handshake, Upgrade, Masking, Acks}

func (s Step) index() int {
	if i := slices.Index(Steps, s); i >= 0 {
		return i
	}
	return len(Steps)
}

// live tells whether the step is done in the browser and seen on the wire.
func (s Step) live() bool { return s.index() <= Message.index() }

func (s Step) valid() bool { return s == End || slices.Contains(Steps, s) }

// next gives the step after s.
func (s Step) next() Step {
	if i := s.index() + 1; i < len(Steps) {
		return Steps[i]
	}
	return End
}

// stepNamed finds a step by its number, from 1, or its name in any language.
func stepNamed(word string) (Step, bool) {
	for i, s := range Steps {
		if word == string(s) || word == string(rune('1'+i)) || anyWord("word.step."+string(s), word) {
			return s, true
		}
	}
	return "", false
}

// name is the step's, for a reader.
func (s Step) name() catalogue.Message { return texts.Message("step." + string(s)) }
