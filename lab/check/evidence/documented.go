package evidence

import (
	"bytes"
	"sync"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// documented are the documented packets' bytes, from the IP header on.
var documented = sync.OnceValue(func() (packets [][]byte) {
	all, err := scenario.Packets(false)
	if err != nil {
		panic("evidence: " + err.Error()) // they are embedded
	}
	for _, p := range all {
		packets = append(packets, p.Data[len(scenario.LinkHeader()):])
	}
	return packets
})

// recite notes whether s is the next of the documented packets, in every byte and at
// the documented time.
func (c *Capture) recite(s *dissect.Segment) {
	if c.recited == scenario.DocumentedCount {
		return
	}
	if s.Packet.Time.Equal(scenario.Number(c.recited+1).Segment().Time) &&
		bytes.Equal(s.Packet.Data[s.Network:], documented()[c.recited]) {
		c.recited++
	}
}

// IsDocumented tells whether the documented capture itself is in this one: all its
// packets, in their order. They were rebuilt from their fields, or a TCP lived them.
func (c *Capture) IsDocumented() bool { return c.recited == scenario.DocumentedCount }
