package dissect

import (
	"cmp"
	"unicode/utf8"
)

// maxKept bounds the payload that is kept of a frame or a message, in bytes.
const maxKept = 1 << 20

// feedFrame takes one frame's bytes and gives back what follows them. atStart: a
// segment begins with them.
func (p *parser) feedFrame(b []byte, atStart bool, e *Event) []byte {
	if !p.inPayload {
		if len(p.buf) == 0 {
			p.start, p.began, p.atStart = p.pos, p.segment, atStart
		}
		h, n := p.header(b)
		p.pos += uint32(n)
		b = b[n:]
		if h.Size == 0 {
			return b
		}
		rule, faults := h.broken(p.from, p.verdict.reservedBits())
		switch {
		case rule == Unbroken:
		case p.verdict.claim != granted:
			p.verdict.refuse()
			return p.lose(b)
		case !p.believes(h, rule, faults, b):
			if p.found { // wrongly
				return p.lose(b)
			}
			rule = NoHeader
			fallthrough
		case rule.Ends():
			p.stop(h, rule, e)
			p.pos += uint32(len(b))
			return nil
		}
		if rule != Unbroken {
			p.habit = rule
		}
		p.buf = p.buf[:0]
		p.frame = Frame{FrameHeader: h, Broken: rule}
		p.inPayload, p.done, p.seams = true, 0, seams{}
		p.raw, p.text = p.raw[:0], p.text[:0]
		if h.Length <= uint64(len(b)) && h.Length <= maxKept {
			// The usual case: the frame is whole and is not copied.
			raw := b[:h.Length]
			p.pos += uint32(h.Length)
			if h.Masked {
				at := len(p.scratch)
				p.scratch = append(p.scratch, raw...)
				text := p.scratch[at:len(p.scratch):len(p.scratch)]
				Mask(text, h.Key, 0)
				p.finish(raw, text, e)
			} else {
				p.finish(raw, raw, e)
			}
			return b[h.Length:]
		}
	}
	n := int(min(uint64(len(b)), p.frame.Length-p.done))
	if len(p.raw)+n > maxKept {
		p.frame.Cut = true
	} else if uint64(len(p.raw)) == p.done {
		p.raw = append(p.raw, b[:n]...)
		at := len(p.text)
		p.text = append(p.text, b[:n]...)
		if p.frame.Masked {
			Mask(p.text[at:], p.frame.Key, p.done)
		}
	}
	p.done += uint64(n)
	p.pos += uint32(n)
	if p.done == p.frame.Length {
		p.finishParts(e)
	} else if p.segment.push && p.segment.cut == 0 {
		p.seams.note(p.done)
	}
	return b[n:]
}

// lose passes the rest of a segment, in which there is no frame.
func (p *parser) lose(rest []byte) []byte {
	p.pos += uint32(len(rest))
	p.reset(lost)
	return nil
}

// header reads a frame header that may have come in pieces, and gives the
// number of bytes of b that belong to it.
func (p *parser) header(b []byte) (FrameHeader, int) {
	if len(p.buf) == 0 {
		if h := ParseFrameHeader(b); h.Size > 0 {
			return h, h.Size
		}
	}
	held := len(p.buf)
	n := min(len(b), MaxFrameHeader-held)
	p.buf = append(p.buf, b[:n]...)
	h := ParseFrameHeader(p.buf)
	if h.Size == 0 {
		return h, n
	}
	return h, h.Size - held
}

// finishParts emits the frame under way, which came in pieces. Its buffers go
// with it: another frame may end in the same segment.
func (p *parser) finishParts(e *Event) {
	raw, text := p.raw, p.text
	p.raw, p.text = nil, nil
	p.finish(raw, text, e)
}

// finish emits the frame under way.
func (p *parser) finish(raw, text []byte, e *Event) {
	f := &p.frame
	f.Raw, f.Payload = raw, text
	var rule Rule
	switch {
	case f.Opcode.Control():
		rule = f.brokenClose()
	case f.Opcode <= Binary:
		rule = p.join(f)
	}
	p.inPayload = false
	p.before = before{p.start + uint32(f.Size), p.pos, p.seams}
	if p.verdict.claim == guessed && f.Fin && !f.Cut {
		if _, ok := plausible(&FrameHeader{Opcode: f.Opcode, RSV: f.RSV, Length: f.Length}, text, true); !ok {
			p.verdict.refuse()
			return
		}
	}
	kind := FrameUnit
	if p.verdict.claim == granted {
		if f.Broken == Unbroken {
			f.Broken = rule
		}
		if f.Broken != Unbroken {
			kind, f.Message, f.MessageOpcode = BrokenUnit, nil, 0
		}
	}
	e.emit(Unit{Kind: kind, From: p.from, Start: p.start, End: p.pos, Frame: *f})
}

// join puts a data frame to its message, and gives the rule for messages that it
// breaks.
func (p *parser) join(f *Frame) (rule Rule) {
	unsure := p.unsure
	if f.Fin {
		p.unsure = false
	}
	if f.Opcode != Continuation {
		if p.inParts {
			rule = InterruptedMessage
		}
		p.opcode, p.inParts, p.partsCut, p.deflated = f.Opcode, !f.Fin, f.Cut, f.RSV != 0
		p.message, p.unsure = p.message[:0], false
		if f.Fin {
			if !f.Cut {
				f.Message, f.MessageOpcode = f.Payload, f.Opcode
			}
			return cmp.Or(rule, f.brokenText(p.deflated))
		}
	} else if !p.inParts {
		if unsure {
			return Unbroken // its beginning was not captured
		}
		return StrayContinuation
	}
	if f.Cut || len(p.message)+len(f.Payload) > maxKept {
		p.partsCut = true
	} else {
		p.message = append(p.message, f.Payload...)
	}
	if f.Fin {
		if !p.partsCut {
			f.Message, f.MessageOpcode = p.message, p.opcode
		}
		p.message, p.inParts = nil, false
	}
	return cmp.Or(rule, f.brokenText(p.deflated))
}

// brokenText gives the rule that the message in f breaks if it is no text.
func (f *Frame) brokenText(deflated bool) Rule {
	if f.Message != nil && f.MessageOpcode == Text && !deflated && !utf8.Valid(f.Message) {
		return NotUTF8
	}
	return Unbroken
}

// brokenClose gives the rule that a close frame's payload breaks.
func (f *Frame) brokenClose() Rule {
	code, reason, ok := f.CloseCode()
	switch {
	case f.Opcode != Close || f.Length == 0:
	case f.Length == 1:
		return ShortClose
	case !ok: // not captured
	case !usedClose(code):
		return BadCloseCode
	case !f.Cut && !utf8.ValidString(reason):
		return NotUTF8
	}
	return Unbroken
}
