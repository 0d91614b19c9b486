package dissect

// maxKept bounds the payload that is kept of a frame or a message, in bytes.
const maxKept = 1 << 20

type mode uint8

const (
	lost     mode = iota // not known where the next unit begins
	first                // before the first byte of a connection that was seen to begin
	head                 // inside an HTTP head
	waiting              // the client's bytes behind an upgrade not yet granted
	frames               // WebSocket
	fallback             // something else: looked at when a segment begins
)

// parser turns one direction's bytes into units.
type parser struct {
	mode    mode
	from    Side
	verdict *verdict // of the conversation
	pos     uint32   // relative sequence number of the next byte
	start   uint32   // of the unit under way
	buf     []byte   // an HTTP head, or a frame header, or what waits
	// The frame under way, its header complete.
	frame     Frame
	inPayload bool
	done      uint64 // bytes of its payload that have passed
	raw       []byte // what of them is kept, when the frame came in pieces
	text      []byte // the same, unmasked
	// The message under way (RFC 6455 §5.4).
	message  []byte
	opcode   Opcode
	inParts  bool
	partsCut bool
	// scratch holds the unmasked payloads of the present segment.
	scratch []byte
}

// feed takes the next bytes; whole units go to e. b begins where a segment does:
// there a lost parser may find its place again. cut is how many bytes were on the
// wire behind b and were not captured.
func (p *parser) feed(b []byte, cut int, e *Event) {
	for segmentStart := true; len(b) > 0; segmentStart = false {
		if p.verdict.claim == foreign && (p.mode == frames || p.mode == lost || p.mode == waiting) {
			p.reset(fallback) // the other side's bytes have shown it
		}
		if p.mode == first || segmentStart && (p.mode == lost || p.mode == fallback) {
			if p.find(b, cut) {
				return
			}
		}
		switch p.mode {
		case lost, fallback:
			p.pos += uint32(len(b))
			return
		case waiting:
			if len(p.buf)+len(b) > maxHead {
				p.reset(fallback)
			} else {
				p.buf = append(p.buf, b...)
			}
			p.pos += uint32(len(b))
			if p.mode == waiting && chained(p.buf, cut, p.from) && p.verdict.consented(p.from) {
				p.release(cut, e)
			}
			return
		case head:
			b = p.feedHead(b, e)
		case frames:
			b = p.feedFrame(b, e)
		}
	}
}

// release reads what waited for the upgrade, if it was granted.
func (p *parser) release(cut int, e *Event) {
	b := p.buf
	p.buf = nil
	if p.verdict.claim != granted {
		p.reset(fallback)
		return
	}
	p.pos -= uint32(len(b))
	p.reset(frames)
	p.feed(b, cut, e)
}

// late reads bytes that were given up and came after all, in the present segment.
// Where units begin in them is not known: what is neither an HTTP head nor whole
// frames is left alone, and late reports false.
func (p *parser) late(b []byte, cut int, e *Event) bool {
	late := parser{from: p.from, verdict: p.verdict, pos: e.RelSeq, start: e.RelSeq, scratch: p.scratch}
	if h := parseHead(b); h != nil && h.Size == len(b)+cut && startsHead(b, p.from) {
		late.mode = head
	} else if !chained(b, cut, p.from) || !p.verdict.consented(p.from) {
		return false
	} else if weight, _ := weigh(b, cut, p.from); p.verdict.claim == guessed && weight == nothing {
		return false
	} else {
		late.mode = frames
	}
	late.feed(b, cut, e)
	if cut > 0 {
		late.skip(uint32(cut), e)
	}
	p.scratch = late.scratch
	return true
}

// begin puts the parser before the first byte of its direction.
func (p *parser) begin() {
	p.pos = 1
	if p.mode == lost {
		p.mode = first
	}
}

func (p *parser) reset(m mode) {
	p.mode, p.buf, p.inPayload, p.start = m, p.buf[:0], false, p.pos
	p.message, p.inParts, p.partsCut = p.message[:0], false, false
}

// skip notes that n bytes are missing. Inside a payload the frame goes on behind
// them, and skip reports true; elsewhere the place is lost.
func (p *parser) skip(n uint32, e *Event) (inFrame bool) {
	if p.mode == frames && p.inPayload && uint64(n) <= p.frame.Length-p.done {
		p.frame.Cut = true
		p.done += uint64(n)
		p.pos += n
		if p.done == p.frame.Length {
			p.finishParts(e)
		}
		return true
	}
	p.pos += n
	if p.mode == head {
		p.verdict.partOfHead(p.buf, p.from)
	}
	if p.mode != fallback {
		p.reset(lost)
	}
	return false
}

// feedHead gathers an HTTP head and gives back what follows it.
func (p *parser) feedHead(b []byte, e *Event) []byte {
	held := len(p.buf)
	if room := maxHead - held; len(b) > room {
		b = b[:room]
	}
	p.buf = append(p.buf, b...)
	h := parseHead(p.buf)
	if !startsHead(p.buf, p.from) {
		// Its first bytes alone might have been HTTP.
		p.pos += uint32(len(b))
		p.reset(lost)
		return nil
	}
	if h == nil {
		p.pos += uint32(len(b))
		if len(p.buf) == maxHead {
			p.reset(fallback)
		}
		return nil
	}
	used := h.Size - held
	p.pos += uint32(used)
	kind := ResponseUnit
	if p.from == Client {
		kind = RequestUnit
	}
	unit := Unit{Kind: kind, From: p.from, Start: p.start, End: p.pos, HTTP: h}
	p.reset(fallback)
	e.emit(unit)
	return b[used:]
}

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
