package fault

import "chatlab/sniffer/dissect"

// noMask: a client's frame must be masked, and a server must close a connection on
// which one is not; 1002 is the code for it (RFC 6455 §5.1, §7.4.1).
var noMask = &Fault{Name: "no-mask", Script: func(n *Newcomer) {
	n.do(upgrade)
	n.send(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Text}, n.text(login)))
	n.send(closeFrame(1002, ""))
	n.finish()
}}
