package fault

import "strings"

// bigFrame: a length of more than 125 bytes stands in 16 bits, of more than 65,535 in
// 64 (RFC 6455 §5.2).
var bigFrame = &Fault{Name: "big-frame", Snaplen: 160, Script: func(n *Newcomer) {
	n.do(login)
	n.send(message(strings.Repeat("x", 200)))
	n.send(message(strings.Repeat("x", 66000)))
}}
