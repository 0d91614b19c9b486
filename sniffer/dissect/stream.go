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
	known  bool
	next   uint32 // the sequence number that is due
	acked  uint32 // the highest that the other side has acknowledged
	early  []early
	held   int // bytes in early
	parser parser
	// unacked are the units not acknowledged yet, oldest first.
	unacked ring
}

// early is a segment that came before what belongs in front of it.
type early struct {
	seq    uint32
	data   []byte
	length int // on the wire; more than len(data) when it was cut
}

// take gives the parser what of a segment's data is new and in order, and what
// waited for it. deliver is called for each such run of bytes: first how many
// are missing in front of it, then the bytes.
func (s *stream) take(seq uint32, data []byte, length int, deliver func(seq uint32, missing uint32, data []byte, length int)) Kind {
	end := seq + uint32(length)
	if !s.known {
		s.known, s.next, s.acked = true, seq, seq
	}
	kind := Plain
	switch {
	case !tcp.Before(s.next, end):
		return Retransmission
	case tcp.Before(s.next, seq):
		// The other side has acknowledged what is missing: it is not late, the
		// capture does not have it.
		if !tcp.Before(s.acked, seq) {
			s.skipTo(seq, deliver)
			break
		}
		s.hold(early{seq, data, length})
		kind = OutOfOrder
		if s.held > maxEarly || len(s.early) > maxEarlySegments {
			s.skipTo(s.early[0].seq, deliver)
		}
		s.release(deliver)
		return kind
	}
	s.advance(seq, data, length, deliver)
	s.release(deliver)
	return kind
}

// acknowledge notes that the other side has everything before ack. What the
// capture misses below it will not come any more.
func (s *stream) acknowledge(ack uint32, deliver func(uint32, uint32, []byte, int)) {
	if !s.known {
		return
	}
	if tcp.Before(s.acked, ack) {
		s.acked = ack
	}
	for len(s.early) > 0 && !tcp.Before(s.acked, s.early[0].seq) {
		s.skipTo(s.early[0].seq, deliver)
		s.release(deliver)
	}
}

// advance delivers a segment that begins at or before what is due.
func (s *stream) advance(seq uint32, data []byte, length int, deliver func(uint32, uint32, []byte, int)) {
	old := int(s.next - seq)
	if old >= length {
		return
	}
	data = data[min(old, len(data)):]
	deliver(s.next, 0, data, length-old)
	s.next = seq + uint32(length)
}

// skipTo gives up the bytes between what is due and seq.
func (s *stream) skipTo(seq uint32, deliver func(uint32, uint32, []byte, int)) {
	if tcp.Before(s.next, seq) {
		deliver(seq, seq-s.next, nil, 0)
		s.next = seq
	}
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
func (s *stream) release(deliver func(uint32, uint32, []byte, int)) {
	n := 0
	for ; n < len(s.early) && !tcp.Before(s.next, s.early[n].seq); n++ {
		e := s.early[n]
		s.held -= len(e.data)
		s.advance(e.seq, e.data, e.length, deliver)
	}
	if n == len(s.early) {
		s.early = s.early[:0]
		return
	}
	s.early = slices.Delete(s.early, 0, n)
}
