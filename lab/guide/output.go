package guide

import (
	"strconv"

	"chatlab/sniffer/layout"
)

// OutputKind tells what an Output is.
type OutputKind uint8

// The kinds of output.
const (
	Heading OutputKind = iota // a step begins
	Sentence
	Command // what to type or open, in a line of its own
	Ask     // a question
	Success // the answer was right
	Failure // the answer was wrong, and why
	Hint
	Word // what a word of the field means that was said for the first time
	Show // the packet of that index is to be shown, with its comment
	Do   // the lab is to do the student's part
)

// Act is what the lab does in the student's place.
type Act uint8

// The acts.
const (
	OpenPage Act = iota + 1
	Join
	Speak
	Leave // the chat, that the student may join it
)

// Output is one thing that the lesson says or wants.
type Output struct {
	Kind   OutputKind
	Text   string
	Packet int // of Show: the packet's index
	Act    Act // of Do
}

func (l *Lesson) text(key string, args ...any) string { return texts.Message(key, args...).In(l.lang) }

func (l *Lesson) output(kind OutputKind, key string, args ...any) {
	l.out = append(l.out, Output{Kind: kind, Text: l.text(key, args...)})
}

// command gives what the student is to type or open.
func (l *Lesson) command(text string) {
	l.out = append(l.out, Output{Kind: Command, Text: text})
}

// show has the packet of index i shown.
func (l *Lesson) show(i int) {
	l.shown[i] = true
	l.out = append(l.out, Output{Kind: Show, Packet: i})
}

func (l *Lesson) take() []Output {
	out := l.explained(l.out)
	l.out = nil
	return out
}

// Tell gives a text that is said beside the lesson.
func (l *Lesson) Tell(key string, args ...any) []Output {
	l.output(Sentence, key, args...)
	return l.take()
}

// maxQuoted bounds a quotation, in characters.
const maxQuoted = 200

// quote makes text from a packet or a keyboard fit to be shown.
func (l *Lesson) quote(s string) string { return layout.Quote(s, maxQuoted) }

func itoa[N int | uint16 | uint32 | uint64](n N) string { return strconv.FormatUint(uint64(n), 10) }
