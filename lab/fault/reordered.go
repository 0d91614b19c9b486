package fault

import "chatlab/lab/stage"

// reordered: of two messages the second comes first. TCP keeps it back and
// acknowledges it selectively (RFC 2018).
var reordered = &Fault{
	Name: "reordered",
	Script: func(n *Newcomer) {
		n.do(login)
		n.write(message("one"))
		n.send(message("two"))
	},
	Link: func() func(*stage.Passing) stage.Fate { return once(saying, stage.Late) },
}
