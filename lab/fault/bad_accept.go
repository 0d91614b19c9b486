package fault

import (
	"bytes"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
)

// badAccept: somebody between changes the server's answer to the key. A client must
// fail the connection (RFC 6455 §4.1).
var badAccept = &Fault{
	Name: "bad-accept",
	Script: func(n *Newcomer) {
		n.do(upgrade)
		n.finish()
	},
	Link: func() func(*stage.Passing) stage.Fate {
		return func(p *stage.Passing) stage.Fate {
			name := []byte("Sec-WebSocket-Accept: ")
			if i := bytes.Index(p.Payload, name); i >= 0 && p.To == scenario.NewcomerPort {
				copy(p.Payload[i+len(name):], "aaaa")
			}
			return stage.Deliver
		}
	},
}
