package class

import (
	"sync"

	"chatlab/lab/check/evidence"
	"chatlab/lab/scenario"
	"chatlab/sniffer/tcp"
)

// What the lab itself plays is alike for everybody, and nobody's work: `lab run`
// and a step that the guide did for a student send the scenario's keys from the
// scenario's ports, `lab run` with its initial sequence numbers where it can, `lab replay` gives the documented packets themselves. So are
// the examples that scripts are written from.

// common is what proves nothing.
type common struct {
	keys    map[string]bool  // Sec-WebSocket-Key
	masks   map[[4]byte]bool // masking keys
	packets map[trait]bool   // of the documented capture
	numbers map[uint32]bool  // its initial sequence numbers
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
		numbers: map[uint32]bool{},
	}
	documented, err := scenario.Packets(true)
	if err != nil {
		panic("class: the documented packets: " + err.Error())
	}
	var played evidence.Capture
	for i := range documented {
		played.Add(&documented[i])
	}
	for _, t := range played.Conversations {
		c.keys[t.Key] = true
		for _, p := range t.Packets {
			c.packets[trait{p.WireSeq, p.TSVal, p.ID}] = true
			if p.Flags&tcp.SYN != 0 {
				c.numbers[p.WireSeq] = true
			}
		}
		for _, key := range maskingKeys(t) {
			c.masks[key] = true
		}
	}
	return c
})
