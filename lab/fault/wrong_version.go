package fault

// wrongVersion: the server names the version that it understands (RFC 6455 §4.4).
var wrongVersion = &Fault{Name: "wrong-version", Script: func(n *Newcomer) {
	n.do(connect)
	n.send(n.request("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12"))
	n.finish()
}}
