package dissect

import "chatlab/sniffer/tcp"

// segmentEnd is where a segment ends, and how.
type segmentEnd struct {
	at   uint32 // relative sequence number
	cut  int    // bytes before it that were not captured
	push bool   // PSH: its sender had no more to send then (RFC 9293 §3.9.1.2)
}

// maxAtOnce is how much a program writes at once for certain, in bytes: of a larger
// payload the rest may come in another segment.
const maxAtOnce = 1400

// seams are the places in a frame's payload where a segment with PSH ends.
type seams struct {
	n     int
	first uint64
}

func (s *seams) note(done uint64) {
	if s.n++; s.n == 1 {
		s.first = done
	}
}

// before is the frame before the one under way.
type before struct {
	payload, end uint32 // where its payload begins and ends; 0: there is none
	seams        seams
}

// fits gives a length of payload with which the frame before would end where a
// segment does, if a header that begins at start is none: it swallowed the
// beginning of another segment, or ended before its own did.
func (b *before) fits(start uint32, began segmentEnd) uint64 {
	switch {
	case b.end != start || b.end == 0:
		return 0
	case b.seams.n == 1:
		return b.seams.first
	case b.seams.n == 0 && began.push:
		return uint64(began.at - b.payload)
	}
	return 0
}

// believes tells whether a header that breaks so many rules is one. A frame of
// wrong length is followed by something else, and text and masked bytes break one
// rule as easily as several. So it must break no more than one, and begin a segment
// or be of a side that has broken that rule before; or its length, and those of the
// headers that follow, must lead to the segment's end. b is what follows the header.
func (p *parser) believes(h FrameHeader, rule Rule, faults int, b []byte) bool {
	if faults == 1 && (p.atStart || rule == p.habit) {
		return true
	}
	for faults <= 2 {
		if left := uint64(len(b)); h.Length >= left {
			return h.Length-left == uint64(p.segment.cut)
		}
		b = b[h.Length:]
		if h = ParseFrameHeader(b); h.Size == 0 {
			return false
		}
		_, faults = h.broken(p.from, p.verdict.reservedBits())
		b = b[h.Size:]
	}
	return false
}

// stop gives a frame behind which nothing can be read in its direction.
func (p *parser) stop(h FrameHeader, rule Rule, e *Event) {
	u := Unit{Kind: BrokenUnit, From: p.from, Start: p.start, End: p.start + uint32(h.Size),
		Frame: Frame{FrameHeader: h, Broken: rule, Cut: h.Length > 0}}
	switch {
	case rule == NoHeader:
		u.Frame.Fits = p.before.fits(p.start, p.began)
	case p.began.push:
		u.Frame.Fits = uint64(max(0, tcp.Distance(u.End, p.began.at)))
	}
	p.reset(unframed)
	e.emit(u)
}

// Unframed tells whether a frame ended the frames of a side: one of which nobody knows
// where it ends (Rule.Ends). What the side has sent behind it was not read.
func (c *Conversation) Unframed(from Side) bool { return c.streams[from].parser.mode == unframed }

// Unfinished gives the frame of a side that is under way: its header was captured,
// and its payload has not come whole. Start tells where it began, End where it would
// end; Payload is what there is of it, Cut is true, and came how many bytes of it
// have passed. Frame.Fits is told when the other side has acknowledged all that
// came and sent data since, as if nothing more were due.
//
// The unit is valid until the tracker's next Add.
func (c *Conversation) Unfinished(from Side) (u Unit, came uint64, ok bool) {
	s := &c.streams[from]
	p := &s.parser
	if p.mode != frames || !p.inPayload {
		return Unit{}, 0, false
	}
	u = Unit{Kind: FrameUnit, From: from, Start: p.start, Frame: p.frame, Guess: p.verdict.claim == guessed}
	u.End = u.Start + uint32(u.Frame.Size) + uint32(u.Frame.Length)
	if u.Frame.Broken != Unbroken {
		u.Kind = BrokenUnit
	}
	u.Frame.Raw, u.Frame.Payload, u.Frame.Cut = p.raw, p.text, true
	if !p.frame.Cut && p.seams.n == 1 && p.seams.first == p.done && p.done <= maxAtOnce && !tcp.Before(s.answered, p.pos) {
		u.Frame.Fits = p.done
	}
	return u, p.done, true
}
