package dissect

import "chatlab/sniffer/tcp"

// follow works out what the event's segment means in its conversation.
func (e *Event) follow() {
	c, s := e.Conversation, e.Segment
	if s.Src != c.Client || s.Src == s.Dst && s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK {
		e.From = Server
	}
	e.number()
	newAck := s.Flags&tcp.ACK != 0 && e.acknowledge()
	e.window()
	if s.Flags&tcp.RST == 0 {
		e.advance(newAck)
	}
}

// window notes whether the side takes bytes.
func (e *Event) window() {
	s, mine := e.Segment, &e.Conversation.streams[e.From]
	was := mine.shut
	mine.shut = s.Window == 0 && s.Flags&(tcp.ACK|tcp.SYN|tcp.RST) == tcp.ACK
	e.Shut, e.Opened = mine.shut, was && !mine.shut && s.Flags&tcp.RST == 0
}

// number gives the segment its relative numbers, and begins the conversation
// with a SYN, or with what was captured first.
func (e *Event) number() {
	c, s := e.Conversation, e.Segment
	from, to := e.From, e.From.Other()
	mine, theirs := &c.streams[from], &c.streams[to]
	switch {
	case s.Flags&tcp.SYN != 0:
		c.Started = true
		e.Kind = HandshakeSYN
		if s.Flags&tcp.ACK != 0 {
			e.Kind = HandshakeSYNACK
		}
		if c.based[from] && c.isn[from] == s.Seq && c.scales[from].known {
			e.Kind = Retransmission
			break
		}
		c.scales.note(from, s.Options)
		if c.based[from] && c.isn[from] == s.Seq && mine.known {
			break // captured behind what answers it
		}
		c.setBase(from, s.Seq)
		mine.begin(s.Seq + 1)
		mine.parser.begin()
		if s.Flags&tcp.ACK != 0 && !theirs.known {
			theirs.parser.begin() // nothing of its side came before the answer
		}
	case !c.based[from]:
		c.setBase(from, s.Seq-1)
		mine.parser.pos = 1
	}
	if s.Flags&tcp.ACK != 0 && !c.based[to] {
		c.setBase(to, s.Ack-1)
		theirs.parser.pos = 1
	}
	e.RelSeq = s.Seq - c.isn[from]
	if s.Flags&tcp.ACK != 0 {
		e.RelAck = s.Ack - c.isn[to]
	}
	e.PrintedSeq, e.PrintedAck = c.printed.count(from, s)
}

func (c *Conversation) setBase(s Side, isn uint32) {
	c.isn[s], c.based[s] = isn, true
}

// acknowledge takes the segment's acknowledgement number, and tells whether it
// is higher than those before.
func (e *Event) acknowledge() bool {
	c, s := e.Conversation, e.Segment
	theirs := &c.streams[e.From.Other()]
	higher := !theirs.known || tcp.Before(theirs.acked, s.Ack)
	switch {
	case !theirs.known:
		theirs.begin(s.Ack)
	case s.Flags&tcp.RST == 0: // a reset's number may be anything
		theirs.acknowledge(s.Ack, e)
	}
	if e.From == Client {
		// The rest of a head may have been acknowledged and not captured.
		c.verdict.ack = e.RelAck
		c.verdict.answering = theirs.parser.mode == head && !tcp.Before(theirs.next, s.Ack)
	}
	for more := true; more; {
		e.Acked, more = theirs.unacked.pop(e.RelAck, e.Acked)
	}
	return higher
}

// advance takes the segment's data and FIN, and tells what kind of segment it is.
func (e *Event) advance(newAck bool) {
	c, s := e.Conversation, e.Segment
	mine := &c.streams[e.From]
	seq := s.Seq
	if s.Flags&tcp.SYN != 0 {
		seq++ // data in a SYN (RFC 7413)
	}
	switch {
	case s.Flags&tcp.SYN != 0 && s.Length == 0:
		return
	case s.Length <= 1 && s.Flags&tcp.FIN == 0 && mine.known && s.Seq == mine.next-1:
		e.Kind = KeepAlive
		if c.streams[e.From.Other()].shut {
			e.Kind = WindowProbe
		}
		return
	case s.Length > 0:
		if !mine.known { // the first data captured need not be the first segment captured
			mine.begin(seq)
			mine.parser.pos = seq - c.isn[e.From]
		}
		if kind := mine.take(seq, s.Payload, s.Length, e); e.Kind == Plain {
			e.Kind = kind
		}
		c.streams[e.From.Other()].answered = e.RelAck
	case e.From == Client && c.Started && !c.shook && s.Seq == c.isn[Client]+1:
		e.Kind = HandshakeACK
	case !newAck && s.Flags&tcp.FIN == 0:
		e.Kind = DuplicateACK
	}
	if e.From == Client {
		c.shook = true
	}
	if s.Flags&tcp.FIN != 0 && mine.known {
		mine.end(seq + uint32(s.Length))
	}
}

// emit adds a unit to the event and follows the upgrade. With a unit that comes
// late the parser of its side is past it already.
func (e *Event) emit(u Unit) {
	c := e.Conversation
	client, server := &c.streams[Client].parser, &c.streams[Server].parser
	switch u.Kind {
	case RequestUnit:
		c.verdict.head(true, u.HTTP)
		if u.HTTP.Asks() {
			c.Key = u.HTTP.Get("Sec-WebSocket-Key")
			if !e.Late {
				client.mode = waiting
			}
		}
	case ResponseUnit:
		c.verdict.head(false, u.HTTP)
		if u.HTTP.Status() == 101 && u.HTTP.Upgrades() {
			c.WebSocket = true
			u.HTTP.AcceptOK = c.Key != "" && u.HTTP.Get("Sec-WebSocket-Accept") == Accept(c.Key)
			if !e.Late {
				server.beginFrames()
			}
			if client.mode == fallback { // its request was not captured, or not understood
				client.reset(lost)
			}
		}
	case FrameUnit, BrokenUnit:
		c.WebSocket = true
		u.Guess = c.verdict.claim == guessed
	}
	e.Units = append(e.Units, u)
	c.streams[u.From].unacked.push(&u)
	if client.mode == waiting && c.verdict.claim != asked {
		client.release(0, e)
	}
}

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
