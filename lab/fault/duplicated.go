package fault

import "chatlab/lab/stage"

// duplicated: a segment comes twice. TCP drops the second and says so (RFC 2883).
var duplicated = &Fault{
	Name:   "duplicated",
	Script: saySomething,
	Link:   func() func(*stage.Passing) stage.Fate { return once(saying, stage.Twice) },
}
