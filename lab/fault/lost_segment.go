package fault

import (
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/tcp"
)

// lostSegment: what was said is lost once, and sent again when the retransmission
// timer fires (RFC 6298).
var lostSegment = &Fault{
	Name:   "lost-segment",
	Script: saySomething,
	Link:   func() func(*stage.Passing) stage.Fate { return once(saying, stage.Lose) },
}

// saySomething plays the scenario as documented, and waits for what follows.
func saySomething(n *Newcomer) {
	n.do(say)
	n.pause(2 * time.Second)
}

// once gives a fate to the first segment that is so, and delivers the others.
func once(is func(*stage.Passing) bool, fate stage.Fate) func(*stage.Passing) stage.Fate {
	done := false
	return func(p *stage.Passing) stage.Fate {
		if done || !is(p) {
			return stage.Deliver
		}
		done = true
		return fate
	}
}

// saying tells whether a segment carries what the newcomer says.
func saying(p *stage.Passing) bool {
	return p.From == scenario.NewcomerPort && len(p.Payload) > 0 && string(p.Payload[:1]) == "\x81" &&
		len(p.Payload) != len(scenario.PacketLogin.Segment().Payload)
}

// acknowledging tells whether a segment of the newcomer does nothing but acknowledge.
func acknowledging(p *stage.Passing) bool {
	return p.From == scenario.NewcomerPort && len(p.Payload) == 0 && p.Flags == tcp.ACK
}
