package explain

import (
	"fmt"
	"strconv"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

// maxShown bounds what is shown of a payload, in characters.
const maxShown = 1024

// frames prints the HTTP heads and WebSocket frames that end in a segment, in
// lines below it that begin with a tab.
func (p *Printer) frames(e *dissect.Event) {
	b := p.buf
	if e.Lost > 0 {
		b = p.appendNote(append(b, '\t'), p.says("lost", "bytes", e.Lost))
	}
	if e.Withdrawn {
		b = p.appendNote(append(b, '\t'), p.says("guess.withdrawn"))
	}
	for _, u := range p.unfinished(e) {
		b = p.appendFrame(append(b, '\t'), u, e)
	}
	for i := range e.Units {
		u := &e.Units[i]
		b = append(b, '\t')
		if !u.IsFrame() {
			b = appendQuoted(b, "HTTP ", u.HTTP.Line)
		} else {
			b = p.appendFrame(b, u, e)
		}
	}
	p.buf = b
}

// appendFrame appends one frame: a line for its header, and lines for its payload.
func (p *Printer) appendFrame(b []byte, u *dissect.Unit, e *dissect.Event) []byte {
	f := &u.Frame
	b = appendHeader(b, f)
	if u.Start != e.RelSeq {
		// The frame began in an earlier segment, or behind another frame. Its
		// numbers are counted as those in the segment's line.
		shift := p.shift(u, e)
		b = fmt.Appendf(b, ", seq %d:%d", u.Start+shift, u.End+shift)
	}
	if u.Guess {
		b = append(append(b, ", "...), p.says("guess")...)
	}
	if f.Opcode == dissect.Close && !f.Broken.Ends() {
		b = p.appendCloseCode(b, f)
	}
	if f.Cut && !f.Broken.Ends() {
		b = append(append(b, ", "...), p.cut(u)...)
	}
	b = append(b, '\n')
	for _, said := range annotate.Broken(f) {
		b = fmt.Appendf(b, "\t  %s\n", said.In(p.lang()))
	}
	if f.Opcode == dissect.Close {
		return b
	}
	return p.appendPayload(b, f)
}

// cut says how much of a frame is not there.
func (p *Printer) cut(u *dissect.Unit) string {
	if n := len(u.Frame.Payload); u.Frame.Fits > 0 {
		return p.says("unfinished", "came", n, "length", u.Frame.Length)
	}
	return p.says("cut")
}

// unfinished gives, once each, the frames that will hardly come whole: the other
// side goes on as if nothing more were due.
func (p *Printer) unfinished(e *dissect.Event) (units []*dissect.Unit) {
	for _, side := range []dissect.Side{dissect.Client, dissect.Server} {
		at := place{e.Conversation.Number, side}
		u, _, ok := e.Conversation.Unfinished(side)
		if !ok || u.Frame.Fits == 0 || p.told[at] == u.Start {
			continue
		}
		if p.told == nil || len(p.told) > maxTold {
			p.told = map[place]uint32{}
		}
		p.told[at] = u.Start
		kept := u // u itself stays off the heap
		units = append(units, &kept)
	}
	return units
}

// maxTold bounds the frames that are remembered as told.
const maxTold = 10000

// place is a direction of a conversation.
type place struct {
	conversation int
	side         dissect.Side
}

func appendHeader(b []byte, f *dissect.Frame) []byte {
	if f.Broken == dissect.NoHeader {
		return fmt.Appendf(b, "WebSocket, % x", f.Append(nil))
	}
	b = append(b, "WebSocket "...)
	if f.Fin {
		b = append(b, "FIN "...)
	}
	if f.RSV != 0 {
		b = fmt.Appendf(b, "RSV %b ", f.RSV)
	}
	b = append(b, f.Opcode.String()...)
	b = append(b, ", length "...)
	b = strconv.AppendUint(b, f.Length, 10)
	if f.Masked {
		b = append(b, ", key"...)
		for _, c := range f.Key {
			b = append(b, ' ', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return b
}

func (p *Printer) appendCloseCode(b []byte, f *dissect.Frame) []byte {
	code, reason, ok := f.CloseCode()
	switch {
	case f.Length == 0:
		b = append(append(b, ", "...), p.says("close.none")...)
	case ok:
		b = fmt.Appendf(b, ", code %d", code)
	}
	if reason != "" {
		b = append(b, ' ')
		b = layout.AppendQuote(b, reason, maxShown)
	}
	return b
}

// appendPayload appends a payload as it was on the wire and unmasked, and the whole
// message that ends with it.
func (p *Printer) appendPayload(b []byte, f *dissect.Frame) []byte {
	if f.Masked && len(f.Raw) > 0 {
		b = append(b, "\t  masked:   "...)
		b = appendDots(b, f.Raw[:min(len(f.Raw), maxShown)])
		if len(f.Raw) > maxShown {
			b = append(b, "…"...)
		}
		b = append(b, '\n')
	}
	if len(f.Payload) > 0 {
		label := "\t  payload:  "
		switch {
		case f.Compressed():
			label = "\t  " + p.says("compressed") + ", unmasked: "
		case f.Masked:
			label = "\t  unmasked: "
		}
		b = appendQuoted(b, label, f.Payload)
	}
	if f.Opcode == dissect.Continuation && f.Message != nil {
		b = appendQuoted(b, "\t  message:  ", f.Message)
	}
	return b
}

// appendQuoted appends the end of a line that quotes text from a packet.
func appendQuoted[T string | []byte](b []byte, label string, text T) []byte {
	return append(layout.AppendQuote(append(b, label...), text, maxShown), '\n')
}

// shift is what tcpdump's numbers are more than the unit's.
func (p *Printer) shift(u *dissect.Unit, e *dissect.Event) uint32 {
	seq, ack := e.PrintedSeq, e.PrintedAck
	if p.o.Tcpdump.Absolute {
		seq, ack = e.Segment.Seq, e.Segment.Ack
	}
	if u.From == e.From {
		return seq - e.RelSeq
	}
	return ack - e.RelAck
}

// appendDots appends bytes as tcpdump -A shows them, a dot for each that does
// not print.
func appendDots(b, raw []byte) []byte {
	for _, c := range raw {
		if c < ' ' || c >= 0x7f {
			c = '.'
		}
		b = append(b, c)
	}
	return b
}
