package fault

import "slices"

// twoFrames: a segment can carry more than one frame.
var twoFrames = &Fault{Name: "two-frames-in-one-segment", Script: func(n *Newcomer) {
	n.do(upgrade)
	n.send(slices.Concat(n.step(login), n.step(say)))
}}
