package dissect

import "chatlab/sniffer/tcp"

// printed counts sequence numbers as tcpdump does (tcp_print in print-tcp.c): the
// first segment with ACK that it sees of a connection, and each SYN with ACK, is
// where both sides' numbers begin, and is itself printed with the numbers in its
// header. Where that segment is no SYN, its first byte is number 0.
type printed struct {
	known bool
	base  [2]uint32
}

func (p *printed) count(from Side, s *Segment) (seq, ack uint32) {
	switch {
	case s.Flags&tcp.ACK == 0: // tcpdump leaves these as they are
	case !p.known || s.Flags&tcp.SYN != 0:
		p.known = true
		p.base[from], p.base[from.Other()] = s.Seq, s.Ack-1
	default:
		return s.Seq - p.base[from], s.Ack - p.base[from.Other()]
	}
	return s.Seq, s.Ack
}
