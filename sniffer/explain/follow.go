package explain

import (
	"bytes"
	"errors"
	"time"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

// turn is who spoke last in the conversation that is followed.
type turn struct {
	from  dissect.Side
	began bool
	guess bool // it was said that no handshake was captured
	other bool // it was said that this is another protocol
}

// follow prints what is said in a segment: HTTP heads and whole messages,
// unmasked. A line with time and ports stands above whenever the speaker
// changes.
func (p *Printer) follow(e *dissect.Event) {
	if e.Withdrawn {
		p.note(p.says("guess.withdrawn"))
	}
	switch protocol := e.Conversation.Speaks(e.From); protocol {
	case dissect.UnknownProtocol, dissect.HTTP:
	default:
		if !p.turn.other {
			p.turn.other = true
			p.note(p.says("protocol", "protocol", protocol))
		}
	}
	for _, u := range p.unfinished(e) {
		p.speaks(e, u)
		p.message(u)
	}
	for i := range e.Units {
		u := &e.Units[i]
		p.speaks(e, u)
		if u.IsFrame() {
			p.message(u)
			continue
		}
		p.line([]byte(u.HTTP.Line))
		for _, f := range u.HTTP.Fields {
			p.line([]byte(f.Name + ": " + f.Value))
		}
	}
}

// speaks prints who sends a unit, where that changes.
func (p *Printer) speaks(e *dissect.Event, u *dissect.Unit) {
	if !p.turn.began || p.turn.from != u.From {
		if p.turn.began {
			p.buf = append(p.buf, '\n')
		}
		p.turn.from, p.turn.began = u.From, true
		c := e.Conversation
		p.buf = e.Segment.Packet.Time.In(p.location()).AppendFormat(p.buf, "15:04:05.000000 ")
		p.buf = c.Addr(u.From).AppendTo(p.buf)
		p.buf = append(p.buf, " > "...)
		p.buf = c.Addr(u.From.Other()).AppendTo(p.buf)
		p.buf = append(p.buf, '\n')
	}
	if u.Guess && !p.turn.guess {
		p.turn.guess = true
		p.note(p.says("guess"))
	}
}

// unread prints, once, that there are packets of a link type that is not read:
// their conversations are missing.
func (p *Printer) unread(err error) {
	if t, ok := errors.AsType[dissect.LinkTypeError](err); ok && !p.unreadPrinted {
		p.unreadPrinted = true
		p.note(p.says("unread", "type", t.Name()))
	}
}

func (p *Printer) message(u *dissect.Unit) {
	f := &u.Frame
	for _, said := range annotate.Broken(f) {
		p.note(said.In(p.lang()))
	}
	switch {
	case f.Broken.Ends():
	case f.Opcode.Control():
		p.buf = append(p.buf, '[')
		p.buf = append(p.buf, f.Opcode.String()...)
		p.buf = append(p.buf, "] "...)
		p.line(f.Payload)
	case f.Compressed():
		p.note(p.says("compressed"))
	case f.Message != nil, u.Kind == dissect.BrokenUnit && !f.Cut:
		for line := range bytes.Lines(content(f)) {
			p.line(bytes.TrimSuffix(line, []byte("\n")))
		}
	case f.Fin, f.Fits > 0:
		p.buf = append(append(append(p.buf, '['), p.cut(u)...), "] "...)
		p.line(f.Payload)
	}
}

// content is the message that ends with a frame, or what a frame carries that
// breaks a rule.
func content(f *dissect.Frame) []byte {
	if f.Message == nil {
		return f.Payload
	}
	return f.Message
}

// note prints a line that nobody said.
func (p *Printer) note(text string) { p.buf = p.appendNote(p.buf, text) }

// maxLine bounds a line, in characters: one message of the largest size.
const maxLine = 1 << 20

func (p *Printer) line(text []byte) {
	p.buf = append(layout.AppendQuote(p.buf, text, maxLine), '\n')
}

func (p *Printer) location() *time.Location {
	if l := p.o.Tcpdump.Location; l != nil {
		return l
	}
	return time.UTC
}
