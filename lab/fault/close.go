package fault

// closing: each side sends a Close, then each TCP a FIN (RFC 6455 §7.1.1).
var closing = &Fault{Name: "close", Script: func(n *Newcomer) {
	n.do(login)
	n.send(closeFrame(1000, "bye"))
	n.finish()
}}
