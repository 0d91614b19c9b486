package dissect

type mode uint8

const (
	lost     mode = iota // not known where the next unit begins
	first                // before the first byte of a connection whose beginning was captured
	head                 // inside an HTTP head
	waiting              // the client's bytes behind an upgrade not yet granted
	frames               // WebSocket
	fallback             // something else: looked at when a segment begins
	unframed             // behind a frame of which nobody knows where it ends
)

// parser turns one direction's bytes into units.
type parser struct {
	mode    mode
	from    Side
	verdict *verdict   // of the conversation
	pos     uint32     // relative sequence number of the next byte
	start   uint32     // of the unit under way
	buf     []byte     // an HTTP head, or a frame header, or what waits
	segment segmentEnd // of what is fed
	// The frame under way: where the segment that its header begins in ends, and
	// whether the header begins with it.
	began   segmentEnd
	atStart bool
	// Its header is complete.
	frame     Frame
	inPayload bool
	done      uint64 // bytes of its payload that have passed
	seams     seams
	habit     Rule // that a header of this side broke last
	before    before
	raw       []byte // what of them is kept, when the frame came in pieces
	text      []byte // the same, unmasked
	// The message under way (RFC 6455 §5.4).
	message  []byte
	opcode   Opcode
	inParts  bool
	partsCut bool
	deflated bool // it is compressed
	unsure   bool // it may have begun before what was captured
	found    bool // the place where frames begin was found, not followed from the handshake on
	// scratch holds the unmasked payloads of the present segment.
	scratch []byte
}

// feed takes the next bytes; whole units go to e. b begins where a segment does:
// there a lost parser may find its place again. cut is how many bytes were on the
// wire behind b and were not captured.
func (p *parser) feed(b []byte, cut int, e *Event) {
	p.segment.at, p.segment.cut = p.pos+uint32(len(b)+cut), cut
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
		case lost, fallback, unframed:
			p.pos += uint32(len(b))
			return
		case waiting:
			if len(p.buf)+len(b) > maxHead {
				p.reset(fallback)
			} else {
				p.buf = append(p.buf, b...)
			}
			p.pos += uint32(len(b))
			if p.mode == waiting && p.verdict.consented(p.from) && chained(p.buf, cut, p.from) {
				p.verdict.grant()
				p.release(cut, e)
			}
			return
		case head:
			b = p.feedHead(b, e)
		case frames:
			b = p.feedFrame(b, segmentStart, e)
		}
	}
}

// find tells from a segment's first bytes what the parser is looking at. passed
// tells that all of b has gone by: what it looks at begins behind.
func (p *parser) find(b []byte, cut int) (passed bool) {
	switch {
	case startsHead(b, p.from):
		p.reset(head)
	case p.mode == first && p.verdict.claim != granted:
		// WebSocket begins with HTTP (RFC 6455 §4).
		p.verdict.refuse()
		p.reset(fallback)
	case p.mode == fallback:
	default:
		switch p.verdict.accepts(b, cut, p.from, p.pos) {
		case here:
			p.reset(frames)
		case behind:
			p.pos += uint32(len(b))
			p.reset(frames)
			return true
		case nowhere:
			if p.mode == first {
				p.reset(lost)
			}
		}
	}
	return false
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
	p.beginFrames()
	p.feed(b, cut, e)
}

// beginFrames notes that the first frame of its direction comes next.
func (p *parser) beginFrames() {
	p.reset(frames)
	p.unsure, p.found = false, false
}

// late reads bytes that were given up and came after all, in the present segment.
// Where units begin in them is not known: what is neither an HTTP head nor whole
// frames is left alone, and late reports false.
func (p *parser) late(b []byte, cut int, e *Event) bool {
	if p.mode == unframed {
		return false
	}
	late := parser{from: p.from, verdict: p.verdict, pos: e.RelSeq, start: e.RelSeq, scratch: p.scratch, unsure: true, found: true}
	if h := parseHead(b, 0); h != nil && h.Size == len(b)+cut && startsHead(b, p.from) {
		late.mode = head
	} else if !p.verdict.consented(p.from) || !chained(b, cut, p.from) {
		return false
	} else if weight, _ := weigh(b, cut, p.from); p.verdict.claim == guessed && weight == nothing {
		return false
	} else {
		p.verdict.grant()
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
	p.message, p.inParts, p.partsCut, p.unsure = p.message[:0], false, false, true
	p.before, p.found = before{}, true
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
	if p.mode != fallback && p.mode != unframed {
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
	h := parseHead(p.buf, held)
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
	if p.reset(fallback); kind == ResponseUnit && h.Interim() {
		p.reset(head) // it has no content
	}
	e.emit(unit)
	return b[used:]
}
