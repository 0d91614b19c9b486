package evidence

import (
	"net/netip"

	"chatlab/sniffer/annotate"
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
	// First is the first packet of a side that carries bytes, and Opening what they
	// begin with.
	First   [2]*Packet
	Opening [2]string
	// CutHead is the first packet in which an HTTP head of a side is cut short.
	CutHead    [2]*Packet
	Ended      [2]bool // the side has sent FIN or RST
	Frames     bool    // a WebSocket frame has passed
	Compressed bool    // permessage-deflate was granted
	Short      bool    // packets were cut short
	Lost       bool    // bytes were not captured, or came late

	heartbeats annotate.Heartbeats

	flow    *dissect.Conversation
	missing [2]int // bytes of a side that passed and were not captured
	// sent are a side's units in order of their place, and unacked all units that
	// are not acknowledged yet.
	sent    [2][]*Unit
	unacked map[place]*Unit
}

// maxOpening bounds what is kept of a side's first bytes.
const maxOpening = 1 << 10

// Speaks tells what a side speaks, as its first bytes tell.
func (c *Conversation) Speaks(side dissect.Side) dissect.Protocol {
	if c.flow == nil {
		return dissect.UnknownProtocol
	}
	return c.flow.Speaks(side)
}

// Hello gives the browser's TLS ClientHello, or nil.
func (c *Conversation) Hello() *dissect.ClientHello {
	if c.flow == nil {
		return nil
	}
	return c.flow.Hello()
}

// place is where a unit ends in its direction.
type place struct {
	from dissect.Side
	end  uint32
}

// add keeps what e tells.
func (c *Conversation) add(number int, e *dissect.Event) *Packet {
	s := e.Segment
	p := &Packet{Number: number, Time: s.Packet.Time, From: e.From, Kind: e.Kind, Flags: s.Flags,
		WireSeq: s.Seq, ID: s.ID,
		Seq: e.RelSeq, Length: s.Length, Missing: s.Length - len(s.Payload),
		Heartbeat: c.heartbeats.Only(e)}
	if s.Flags&tcp.SYN != 0 {
		p.Seq++
	}
	for o := range tcp.Options(s.Options) {
		if value, _, ok := o.Timestamps(); ok {
			p.TSVal = value
		}
	}
	c.handshake(p)
	if s.Length > 0 && c.First[e.From] == nil {
		c.First[e.From], c.Opening[e.From] = p, string(s.Payload[:min(len(s.Payload), maxOpening)])
	}
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
	p.Number, p.Time, p.Duplicate, p.Acked, p.Heartbeat = number, s.Packet.Time, true, nil, false
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
