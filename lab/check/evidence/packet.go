package evidence

import (
	"slices"
	"time"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

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
	// Heartbeat: it belongs to heartbeats alone (annotate.Heartbeats).
	Heartbeat bool
}

// End is the relative sequence number behind the payload.
func (p *Packet) End() uint32 { return p.Seq + uint32(p.Length) }

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
		if p.From != u.From || p.Length == 0 || p.Duplicate || p.Kind == dissect.Retransmission || p.Kind == dissect.KeepAlive || p.Kind == dissect.WindowProbe {
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
