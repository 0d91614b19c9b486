package class

import (
	"sync"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// What the lab itself plays is alike for everybody, and nobody's work: `lab run`
// and a step that the guide did for a student send the scenario's keys from the
// scenario's ports, `lab replay` gives the documented packets themselves. So are
// the examples that scripts are written from.

// common is what proves nothing.
type common struct {
	keys    map[string]bool  // Sec-WebSocket-Key
	masks   map[[4]byte]bool // masking keys
	packets map[trait]bool   // of the documented capture
}

var scripted = sync.OnceValue(func() (c common) {
	c = common{
		keys: map[string]bool{
			"dGhlIHNhbXBsZSBub25jZQ==": true, // RFC 6455 §1.3
			"x3JJHMbDL1EzLkh9GBhXDw==": true, // encyclopaedias
		},
		masks: map[[4]byte]bool{
			{}:                       true, // which leaves the payload readable
			{0x37, 0xfa, 0x21, 0x3d}: true, // RFC 6455 §5.7
		},
		packets: map[trait]bool{},
	}
	for _, s := range scenario.Documented() {
		c.packets[trait{s.Seq, s.TSVal, s.ID}] = true
		if key := header(s.Payload, "sec-websocket-key:"); key != "" {
			c.keys[key] = true
		}
		if h := dissect.ParseFrameHeader(s.Payload); h.Valid() && h.Masked {
			c.masks[h.Key] = true
		}
	}
	return c
})
