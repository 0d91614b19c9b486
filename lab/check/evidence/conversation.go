package evidence

import (
	"net/netip"
	"slices"
	"time"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Conversation is one TCP connection to the chat's port, as far as its packets
// have come.
type Conversation struct {
	Client, Server netip.AddrPort
	Key            string // the Sec-WebSocket-Key that the browser sent
	Dialect        chat.Dialect
	Packets        []*Packet
	Units          []*Unit
	// The handshake of TCP, and the server's RST that answered its SYN. nil: not
	// captured.
	SYN, SYNACK, HandshakeACK, Refusal *Packet
	// CutHead is the first packet in which an HTTP head of a side is cut short.
	CutHead    [2]*Packet
	Ended      [2]bool // the side has sent FIN or RST
	Frames     bool    // a WebSocket frame has passed
	Compressed bool    // permessage-deflate was granted
	Short      bool    // packets were cut short
	Lost       bool    // bytes were not captured, or came late

	missing [2]int // bytes of a side that passed and were not captured
	// sent are a side's units in order of their place, and unacked all units that
	// are not acknowledged yet.
	sent    [2][]*Unit
	unacked map[place]*Unit
}

// place is where a unit ends in its direction.
type place struct {
	from dissect.Side
	end  uint32
}

// Packet is what is kept of a packet.
type Packet struct {
	Number    int // in the capture, from 1
	Time      time.Time
	From      dissect.Side
	Kind      dissect.Kind
	Duplicate bool // the same packet, captured again
	Flags     tcp.Flags
	// What the sender's system chose: the sequence number as it was on the wire, the
	// value of the timestamps option, or 0, and the identification of IPv4.
	WireSeq, TSVal uint32
	ID             uint16
	Seq            uint32  // relative
	Length         int     // of the payload on the wire, in bytes
	Missing        int     // bytes of it that were not captured
	Acked          []*Unit // that it is the first to acknowledge
	// AcksPart: it acknowledges new bytes that end no unit.
	AcksPart bool
}

// End is the relative sequence number behind the payload.
func (p *Packet) End() uint32 { return p.Seq + uint32(p.Length) }

// add keeps what e tells.
func (c *Conversation) add(number int, e *dissect.Event) *Packet {
	s := e.Segment
	p := &Packet{Number: number, Time: s.Packet.Time, From: e.From, Kind: e.Kind, Flags: s.Flags,
		WireSeq: s.Seq, ID: s.ID,
		Seq: e.RelSeq, Length: s.Length, Missing: s.Length - len(s.Payload)}
	if s.Flags&tcp.SYN != 0 {
		p.Seq++
	}
	for o := range tcp.Options(s.Options) {
		if value, _, ok := o.Timestamps(); ok {
			p.TSVal = value
		}
	}
	c.handshake(p)
	c.Short = c.Short || p.Missing > 0
	c.Lost = c.Lost || e.Lost > 0
	if s.Flags&(tcp.FIN|tcp.RST) != 0 {
		c.Ended[e.From] = true
	}
	if p.Missing > 0 && c.CutHead[e.From] == nil && len(e.Units) == 0 && startsHead(s.Payload) {
		c.CutHead[e.From] = p
	}
	for i := range e.Acked {
		if at := (place{e.Acked[i].From, e.Acked[i].End}); c.unacked[at] != nil {
			p.Acked = append(p.Acked, c.unacked[at])
			delete(c.unacked, at)
		}
	}
	p.AcksPart = len(p.Acked) == 0 && s.Length == 0 && e.Kind == dissect.Plain && s.Flags&tcp.ACK != 0
	for side := range c.missing {
		c.missing[side] = e.Conversation.Missing(dissect.Side(side))
	}
	c.Packets = append(c.Packets, p)
	for i := range e.Units {
		c.addUnit(p, &e.Units[i])
	}
	return p
}

// addDuplicate keeps a packet that was captured before.
func (c *Conversation) addDuplicate(number int, s *dissect.Segment, first *Packet) {
	p := *first
	p.Number, p.Time, p.Duplicate, p.Acked = number, s.Packet.Time, true, nil
	c.Packets = append(c.Packets, &p)
}

// handshake looks for the packets of TCP's handshake.
func (c *Conversation) handshake(p *Packet) {
	switch {
	case p.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN && c.SYN == nil:
		c.SYN = p
	case p.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK && c.SYNACK == nil:
		c.SYNACK = p
	case (c.SYN != nil || c.SYNACK != nil) && c.HandshakeACK == nil && p.From == dissect.Client &&
		p.Flags&(tcp.SYN|tcp.RST|tcp.ACK) == tcp.ACK:
		c.HandshakeACK = p
	case p.Flags&tcp.RST != 0 && p.From == dissect.Server && c.SYNACK == nil && c.Refusal == nil:
		c.Refusal = p
	}
}

func startsHead(b []byte) bool {
	return len(b) >= 4 && (string(b[:4]) == "GET " || string(b[:4]) == "HTTP")
}

// Gap tells whether bytes of a side passed and were not captured.
func (c *Conversation) Gap(side dissect.Side) bool { return c.missing[side] > 0 }

// Gaps tells whether bytes of either side did.
func (c *Conversation) Gaps() bool { return c.Gap(dissect.Client) || c.Gap(dissect.Server) }

// Carried gives the units that a packet carries bytes of, in their order.
func (c *Conversation) Carried(p *Packet) []*Unit {
	if p.Length == 0 {
		return nil
	}
	list := c.sent[p.From]
	first, _ := slices.BinarySearchFunc(list, p.Seq, func(u *Unit, seq uint32) int {
		if tcp.Before(seq, u.End) {
			return 1
		}
		return -1
	})
	last := first
	for last < len(list) && tcp.Before(list[last].Start, p.End()) {
		last++
	}
	return list[first:last]
}

// Carriers gives the packets that carry a unit: those that first brought its
// bytes.
func (c *Conversation) Carriers(u *Unit) []*Packet {
	var carriers []*Packet
	wanted := u.End - u.Start
	last, _ := slices.BinarySearchFunc(c.Packets, u.Last.Number, func(p *Packet, n int) int { return p.Number - n })
	for i := last; i >= 0 && wanted > 0; i-- {
		p := c.Packets[i]
		if p.From != u.From || p.Length == 0 || p.Duplicate || p.Kind == dissect.Retransmission || p.Kind == dissect.KeepAlive {
			continue
		}
		if tcp.Before(p.Seq, u.End) && tcp.Before(u.Start, p.End()) {
			carriers = append(carriers, p)
			from, to := max(0, tcp.Distance(u.Start, p.Seq)), min(tcp.Distance(u.Start, u.End), tcp.Distance(u.Start, p.End()))
			wanted -= min(wanted, uint32(to-from))
		}
	}
	slices.Reverse(carriers)
	return carriers
}
