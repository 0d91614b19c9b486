package check

import (
	"slices"

	"chatlab/sniffer/dissect"
)

// withheld reads frames of the browser's that the dissector keeps back: it
// waits for the server's 101, which passed (the browser acknowledges it) and was
// not captured, or captured before the request. Without them a capture that misses one packet would show
// neither login nor message. A segment that is not whole frames is left alone.
func (t *talk) withheld(at int, e *dissect.Event) {
	s := &e.Segment
	r := &t.records[at]
	if t.key == "" || t.flowing || e.From != dissect.Client || len(e.Units) > 0 || e.RelAck <= 1 ||
		len(s.Payload) == 0 || r.kind == dissect.Repeated || r.kind == dissect.KeepAlive {
		return
	}
	var units []dissect.Unit
	for b, start := s.Payload, r.seq; len(b) > 0; {
		h := dissect.ParseFrameHeader(b)
		here := uint64(len(b) - h.Size)
		if !h.Valid() || !h.Masked || h.Length > here && h.Length-here != uint64(r.missing) {
			return
		}
		f := dissect.Frame{FrameHeader: h, Raw: b[h.Size:][:min(h.Length, here)], Cut: h.Length > here}
		f.Payload = slices.Clone(f.Raw)
		dissect.Mask(f.Payload, h.Key, 0)
		if h.Fin && !f.Cut && (h.Opcode == dissect.Text || h.Opcode == dissect.Binary) {
			f.Message, f.MessageOpcode = f.Payload, h.Opcode
		}
		end := start + uint32(h.Size) + uint32(h.Length)
		units = append(units, dissect.Unit{Kind: dissect.FrameUnit, From: e.From, Start: start, End: end, Frame: f})
		b, start = b[h.Size+len(f.Raw):], end
	}
	for i := range units {
		t.unit(at, &units[i])
		t.ahead = append(t.ahead, len(t.units)-1)
	}
}

// readAhead tells whether a unit was read before the dissector gave it: the 101
// came late after all.
func (t *talk) readAhead(u *dissect.Unit) bool {
	return u.From == dissect.Client && slices.ContainsFunc(t.ahead, func(i int) bool { return t.units[i].start == u.Start })
}

// ackAhead gives the units read ahead that a server's packet is the first to
// acknowledge.
func (t *talk) ackAhead(e *dissect.Event) (acked []int) {
	if e.From != dissect.Server || e.Segment.Flags&dissect.ACK == 0 {
		return nil
	}
	for _, i := range t.ahead {
		key := place{dissect.Client, t.units[i].end}
		if _, open := t.unacked[key]; open && !seqBefore(e.RelAck, t.units[i].end) {
			acked = append(acked, i)
			delete(t.unacked, key)
		}
	}
	return acked
}
