package fault

import "chatlab/lab/stage"

// duplicated: a segment comes twice. TCP drops the second and acknowledges it at once
// (RFC 9293 §3.10.7.4).
var duplicated = &Fault{
	Name:   "duplicated",
	Script: saySomething,
	Link:   func() func(*stage.Passing) stage.Fate { return once(saying, stage.Twice) },
}
