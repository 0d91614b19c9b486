package fault

// reset: the newcomer's program is gone, and its TCP says so (RFC 9293 §3.5.2).
var reset = &Fault{Name: "rst", Script: func(n *Newcomer) {
	n.do(login)
	n.abort()
}}
