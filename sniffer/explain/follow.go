package explain

import (
	"bytes"
	"errors"
	"time"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

// turn is who spoke last in the conversation that is followed.
type turn struct {
	from  dissect.Side
	began bool
	guess bool // it was said that no handshake was captured
}

// follow prints what is said in a segment: HTTP heads and whole messages,
// unmasked. A line with time and ports stands above whenever the speaker
// changes.
func (p *Printer) follow(e *dissect.Event) {
	if e.Withdrawn {
		p.buf = append(p.buf, "[the guess was wrong: this is no WebSocket]\n"...)
	}
	for i := range e.Units {
		u := &e.Units[i]
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
			p.buf = append(p.buf, "[no handshake captured: that this is WebSocket is a guess]\n"...)
		}
		switch u.Kind {
		case dissect.FrameUnit, dissect.BrokenUnit:
			p.message(&u.Frame)
		default:
			p.line([]byte(u.HTTP.Line))
			for _, f := range u.HTTP.Fields {
				p.line([]byte(f.Name + ": " + f.Value))
			}
		}
	}
}

// unread prints, once, that there are packets of a link type that is not read:
// their conversations are missing.
func (p *Printer) unread(err error) {
	if errors.Is(err, dissect.ErrLinkType) && !p.unreadPrinted {
		p.unreadPrinted = true
		p.line([]byte("[" + err.Error() + "]"))
	}
}

func (p *Printer) message(f *dissect.Frame) {
	switch {
	case f.Opcode.Control():
		p.buf = append(p.buf, '[')
		p.buf = append(p.buf, f.Opcode.String()...)
		p.buf = append(p.buf, "] "...)
		p.line(f.Payload)
	case f.RSV&4 != 0:
		p.buf = append(p.buf, "[compressed]\n"...)
	case f.Message != nil:
		for line := range bytes.Lines(f.Message) {
			p.line(bytes.TrimSuffix(line, []byte("\n")))
		}
	case f.Fin:
		p.buf = append(p.buf, "[not captured whole] "...)
		p.line(f.Payload)
	}
}

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
