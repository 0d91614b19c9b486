package fault

// splitFrame: a frame comes in two segments, and is none before its last byte.
var splitFrame = &Fault{Name: "split-frame", Script: func(n *Newcomer) {
	n.do(upgrade)
	b := n.step(login)
	n.send(b[:10])
	n.send(b[10:])
}}
