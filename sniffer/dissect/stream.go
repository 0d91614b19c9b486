package dissect

import (
	"slices"

	"chatlab/sniffer/tcp"
)

const (
	// maxEarly bounds the bytes that wait in one direction for missing ones.
	maxEarly = 256 << 10
	// maxEarlySegments bounds their number.
	maxEarlySegments = 512
)

// stream is one direction of a conversation: bytes put in order again.
type stream struct {
	known   bool
	next    uint32 // the sequence number that is due
	acked   uint32 // the highest that the other side has acknowledged
	fin     uint32 // the number of the FIN
	ends    bool   // a FIN was captured, and is not due yet
	early   []early
	held    int // bytes in early
	gaps    gaps
	shut    bool // the side's last window was 0
	opening opening
	parser  parser
	// unacked are the units not acknowledged yet, in their order.
	unacked ring
	// answered is up to where the other side had acknowledged when it last sent data.
	answered uint32
}

// early is a segment that came before what belongs in front of it.
type early struct {
	seq    uint32
	data   []byte
	length int // on the wire; more than len(data) when it was cut
	push   bool
}

// begin puts the stream before the byte of number seq.
func (s *stream) begin(seq uint32) {
	s.known, s.next, s.acked, s.gaps = true, seq, seq, gaps{}
}

// take gives the parser what of a segment's data is new and in order, and what
// waited for it.
func (s *stream) take(seq uint32, data []byte, length int, e *Event) Kind {
	kind := Plain
	push := e.Segment.Flags&tcp.PSH != 0
	switch end := seq + uint32(length); {
	case !tcp.Before(s.next, end):
		filled, inFrame := s.gaps.fill(seq, end)
		if filled == 0 {
			return Retransmission
		}
		e.Late = true
		if filled == length && !inFrame && s.parser.late(data, length-len(data), e) {
			s.gaps.missing -= length
		}
		return OutOfOrder
	case tcp.Before(s.next, seq) && !tcp.Before(s.acked, seq):
		// The other side has acknowledged what is missing: the capture does not
		// have it, or has it later.
		s.skipTo(seq, e)
		s.deliver(early{seq, data, length, push}, e)
	case tcp.Before(s.next, seq):
		s.hold(early{seq, data, length, push})
		kind = OutOfOrder
		if s.held > maxEarly || len(s.early) > maxEarlySegments {
			s.skipTo(s.early[0].seq, e)
		}
	default:
		s.deliver(early{seq, data, length, push}, e)
	}
	s.release(e)
	return kind
}

// acknowledge notes that the other side has everything before ack. What the
// capture misses below it is not waited for.
func (s *stream) acknowledge(ack uint32, e *Event) {
	if tcp.Before(s.acked, ack) {
		s.acked = ack
	}
	for len(s.early) > 0 && !tcp.Before(s.acked, s.early[0].seq) {
		s.skipTo(s.early[0].seq, e)
		s.release(e)
	}
}

// end notes a FIN of number seq.
func (s *stream) end(seq uint32) {
	s.fin, s.ends = seq, !tcp.Before(seq, s.next)
	s.passEnd()
}

// passEnd goes past the FIN if it is due.
func (s *stream) passEnd() {
	if s.ends && s.next == s.fin {
		s.next, s.ends = s.next+1, false
	}
}

// deliver gives the parser a segment that begins at or before what is due.
func (s *stream) deliver(d early, e *Event) {
	old := int(s.next - d.seq)
	if old >= d.length {
		return
	}
	cut := min(d.length-old, d.length-len(d.data))
	b := d.data[min(old, len(d.data)):]
	s.opening.hear(b, s.parser.from, s.parser.mode == first || s.opening.n > 0)
	s.parser.segment.push = d.push
	s.parser.feed(b, cut, e)
	if cut > 0 {
		s.parser.skip(uint32(cut), e)
	}
	s.next = d.seq + uint32(d.length)
}

// skipTo gives up the bytes between what is due and seq.
func (s *stream) skipTo(seq uint32, e *Event) {
	if !tcp.Before(s.next, seq) {
		return
	}
	n := seq - s.next
	e.Lost += n
	s.gaps.add(gap{s.next, seq, s.parser.skip(n, e)})
	s.next = seq
}

// hold keeps a copy of e, in order of sequence numbers.
func (s *stream) hold(e early) {
	i, found := slices.BinarySearchFunc(s.early, e.seq, func(a early, seq uint32) int {
		return tcp.Distance(seq, a.seq)
	})
	if found && s.early[i].length >= e.length {
		return
	}
	e.data = slices.Clone(e.data)
	s.held += len(e.data)
	s.early = slices.Insert(s.early, i, e)
}

// release delivers what waited and is due now.
func (s *stream) release(e *Event) {
	n := 0
	for ; n < len(s.early) && !tcp.Before(s.next, s.early[n].seq); n++ {
		held := s.early[n]
		s.held -= len(held.data)
		s.deliver(held, e)
	}
	s.early = slices.Delete(s.early, 0, n)
	s.passEnd()
}
