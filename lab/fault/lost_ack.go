package fault

import "chatlab/lab/stage"

// lostAck: the server's TCP cannot know that its segment came, and sends it again
// (RFC 6298).
var lostAck = &Fault{
	Name:   "lost-ack",
	Script: saySomething,
	Link: func() func(*stage.Passing) stage.Fate {
		said := false
		return once(func(p *stage.Passing) bool {
			said = said || saying(p)
			return said && acknowledging(p)
		}, stage.Lose)
	},
}
