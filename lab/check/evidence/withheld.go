package evidence

import (
	"slices"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// withheld reads whole frames that the dissector does not give. It keeps the
// browser's back until the server's 101, which may have passed (the browser
// acknowledges it) without being captured, or have been captured before the
// request: a capture that misses one packet would show neither login nor message.
// And it gives bytes up for lost that were acknowledged before they were
// captured, as happens where two processors capture. A segment that is not whole
// frames is left alone.
func (c *Conversation) withheld(p *Packet, e *dissect.Event) {
	s := e.Segment
	if len(s.Payload) == 0 || len(e.Units) > 0 || p.Kind == dissect.KeepAlive {
		return
	}
	// As for the dissector, only what was asked for, or looks like it all along, is
	// WebSocket.
	if c.declined || c.Key == "" && !e.Conversation.WebSocket {
		return
	}
	late := p.Kind == dissect.Retransmission && c.gaps.inside[p.From] > 0 && len(c.Carried(p)) == 0
	if !late && (c.Key == "" || c.flowing || e.From != dissect.Client || e.RelAck <= 1 || p.Kind == dissect.Retransmission) {
		return
	}
	var units []dissect.Unit
	for b, start := s.Payload, p.Seq; len(b) > 0; {
		h := dissect.ParseFrameHeader(b)
		here := uint64(len(b) - h.Size)
		if !h.Valid() || h.Masked != (e.From == dissect.Client) || h.Length > here && h.Length-here != uint64(p.Missing) {
			return
		}
		f := dissect.Frame{FrameHeader: h, Raw: b[h.Size:][:min(h.Length, here)], Cut: h.Length > here}
		f.Payload = slices.Clone(f.Raw)
		if h.Masked {
			dissect.Mask(f.Payload, h.Key, 0)
		}
		if h.Fin && !f.Cut && (h.Opcode == dissect.Text || h.Opcode == dissect.Binary) {
			f.Message, f.MessageOpcode = f.Payload, h.Opcode
		}
		end := start + uint32(h.Size) + uint32(h.Length)
		units = append(units, dissect.Unit{Kind: dissect.FrameUnit, From: e.From, Start: start, End: end, Frame: f})
		b, start = b[h.Size+len(f.Raw):], end
	}
	if late {
		p.Kind = dissect.OutOfOrder
		c.gaps.late(p)
	}
	for i := range units {
		c.addUnit(p, &units[i])
		c.ahead = append(c.ahead, c.Units[len(c.Units)-1])
	}
}

// readAhead tells whether a unit was read before the dissector gave it: the 101
// came late after all.
func (c *Conversation) readAhead(u *dissect.Unit) bool {
	return slices.ContainsFunc(c.ahead, func(a *Unit) bool { return a.From == u.From && a.Start == u.Start })
}

// ackAhead acknowledges the units read ahead.
func (c *Conversation) ackAhead(p *Packet, e *dissect.Event) {
	if p.Flags&tcp.ACK == 0 {
		return
	}
	for _, u := range c.ahead {
		if u.From != p.From && !tcp.Before(e.RelAck, u.End) {
			c.acknowledge(p, place{u.From, u.End})
		}
	}
}
