package fault

import (
	"strings"
	"time"
)

// zeroWindow: the newcomer does not read what comes back, until its buffer is full.
// The server's TCP then only probes (RFC 9293 §3.8.6.1).
var zeroWindow = &Fault{Name: "zero-window", Deaf: true, Snaplen: 160, Script: func(n *Newcomer) {
	n.do(login)
	for range 2 {
		n.send(message(strings.Repeat("x", 60000)))
	}
	n.pause(3 * time.Second)
	n.read()
	n.read()
}}
