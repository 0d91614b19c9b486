package fault

import "chatlab/sniffer/dissect"

// ping: a Ping is answered with a Pong of the same payload (RFC 6455 §5.5.3).
var ping = &Fault{Name: "ping", Script: func(n *Newcomer) {
	n.do(login)
	n.send(frame(dissect.Ping, []byte("are you there?")))
}}
