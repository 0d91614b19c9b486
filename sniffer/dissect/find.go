package dissect

// find tells from a segment's first bytes what the parser is looking at. passed
// tells that all of b has gone by: what it looks at begins behind.
func (p *parser) find(b []byte, cut int) (passed bool) {
	switch {
	case startsHead(b, p.from):
		p.reset(head)
	case p.mode == first && p.verdict.claim != granted:
		// WebSocket begins with HTTP (RFC 6455 §4).
		p.verdict.refuse()
		p.reset(fallback)
	case p.mode == fallback:
	default:
		switch p.verdict.accepts(b, cut, p.from, p.pos) {
		case here:
			p.reset(frames)
		case behind:
			p.pos += uint32(len(b))
			p.reset(frames)
			return true
		case nowhere:
			if p.mode == first {
				p.reset(lost)
			}
		}
	}
	return false
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
