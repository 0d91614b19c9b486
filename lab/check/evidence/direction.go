package evidence

import (
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// OneWay tells whether packets of this side alone were captured though the other
// side sent some: this one acknowledges them, or answers.
func (c *Conversation) OneWay(side dissect.Side) bool {
	answers := 0
	for _, p := range c.Packets {
		if p.From != side {
			return false
		}
		if p.Flags&tcp.ACK != 0 {
			answers++
		}
	}
	// A lone packet may be the last one of what began before, or the first.
	return answers > 2
}
