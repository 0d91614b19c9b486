package dissect

// maxKept bounds the payload that is kept of a frame or a message, in bytes.
const maxKept = 1 << 20

// feedFrame takes one frame's bytes and gives back what follows them.
func (p *parser) feedFrame(b []byte, e *Event) []byte {
	if !p.inPayload {
		if len(p.buf) == 0 {
			p.start = p.pos
		}
		h, n := p.header(b)
		p.pos += uint32(n)
		b = b[n:]
		if h.Size == 0 {
			return b
		}
		if !h.Valid() || h.Masked != (p.from == Client) || p.verdict.claim == guessed && h.Size != h.shortest() {
			p.pos += uint32(len(b))
			p.verdict.refuse()
			p.reset(lost)
			return nil
		}
		p.buf = p.buf[:0]
		p.frame = Frame{FrameHeader: h}
		p.inPayload, p.done = true, 0
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
	}
	return b[n:]
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
	if !f.Opcode.Control() {
		p.join(f)
	}
	p.inPayload = false
	if _, ok := plausible(&FrameHeader{Opcode: f.Opcode, RSV: f.RSV, Length: f.Length}, text, true); !ok && p.verdict.claim == guessed && f.Fin && !f.Cut {
		p.verdict.refuse()
		return
	}
	e.emit(Unit{Kind: FrameUnit, From: p.from, Start: p.start, End: p.pos, Frame: *f})
}

// join puts a data frame to its message.
func (p *parser) join(f *Frame) {
	if f.Opcode != Continuation {
		p.opcode, p.inParts, p.partsCut = f.Opcode, !f.Fin, f.Cut
		p.message = p.message[:0]
		if f.Fin {
			if !f.Cut {
				f.Message, f.MessageOpcode = f.Payload, f.Opcode
			}
			return
		}
	} else if !p.inParts { // its beginning was not captured
		return
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
}
