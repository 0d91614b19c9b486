package dissect

// find tells from a segment's first bytes what the parser is looking at.
func (p *parser) find(b []byte, cut int) {
	request, response := startsHTTP(b)
	switch {
	case request && p.from == Client, response && p.from == Server:
		p.reset(head)
	case p.mode == first && p.verdict.claim != granted:
		// WebSocket begins with HTTP (RFC 6455 §4).
		p.verdict.refuse()
		p.reset(fallback)
	case p.mode != fallback && p.verdict.accepts(b, cut, p.from):
		p.reset(frames)
	case p.mode == first:
		p.reset(lost)
	}
}

// chained tells whether b is nothing but whole frames as side sends them
// (RFC 6455 §5.1: a client masks all, a server none). The last one may end with
// the cut bytes behind b.
func chained(b []byte, cut int, side Side) bool {
	for len(b) > 0 {
		h := ParseFrameHeader(b)
		if !h.Valid() || h.Masked != (side == Client) {
			return false
		}
		if here := uint64(len(b) - h.Size); h.Length > here {
			return cut > 0 && h.Length-here == uint64(cut)
		}
		b = b[h.Size+int(h.Length):]
	}
	return true
}
