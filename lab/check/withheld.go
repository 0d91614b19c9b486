package check

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
func (t *talk) withheld(at int, e *dissect.Event) {
	s := e.Segment
	r := &t.records[at]
	if len(s.Payload) == 0 || len(e.Units) > 0 || r.kind == dissect.KeepAlive {
		return
	}
	// As for the dissector, only what was asked for, or looks like it all along, is
	// WebSocket.
	if t.declined || t.key == "" && !e.Conversation.WebSocket {
		return
	}
	late := r.kind == dissect.Retransmission && t.gaps.inside[r.from] > 0 && len(t.carried(r)) == 0
	if !late && (t.key == "" || t.flowing || e.From != dissect.Client || e.RelAck <= 1 || r.kind == dissect.Retransmission) {
		return
	}
	var units []dissect.Unit
	for b, start := s.Payload, r.seq; len(b) > 0; {
		h := dissect.ParseFrameHeader(b)
		here := uint64(len(b) - h.Size)
		if !h.Valid() || h.Masked != (e.From == dissect.Client) || h.Length > here && h.Length-here != uint64(r.missing) {
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
		r.kind = dissect.OutOfOrder
		t.gaps.late(r)
	}
	for i := range units {
		t.unit(at, &units[i])
		t.ahead = append(t.ahead, len(t.units)-1)
	}
}

// readAhead tells whether a unit was read before the dissector gave it: the 101
// came late after all.
func (t *talk) readAhead(u *dissect.Unit) bool {
	return slices.ContainsFunc(t.ahead, func(i int) bool { return t.units[i].from == u.From && t.units[i].start == u.Start })
}

// ackAhead gives the units read ahead that a packet of the other side is the
// first to acknowledge.
func (t *talk) ackAhead(e *dissect.Event) (acked []int) {
	if e.Segment.Flags&tcp.ACK == 0 {
		return nil
	}
	for _, i := range t.ahead {
		key := place{e.From.Other(), t.units[i].end}
		if _, open := t.unacked[key]; open && t.units[i].from == key.from && !tcp.Before(e.RelAck, t.units[i].end) {
			acked = append(acked, i)
			delete(t.unacked, key)
		}
	}
	return acked
}
