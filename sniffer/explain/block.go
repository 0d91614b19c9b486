package explain

import (
	"strings"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// Block lays a comment out as a /* … */ block.
type Block struct {
	Lang    catalogue.Lang
	Columns int // the width that lines are broken to
	Colour  bool
}

// SGR sequences of ECMA-48: a title stands out, the rest looks like a comment.
const (
	bold  = "\x1b[1;36m"
	green = "\x1b[32m"
	reset = "\x1b[0m"
)

// Text gives the block, lines ended. Notes are said after the comment.
func (b Block) Text(c *annotate.Comment, notes ...string) string {
	const frame = len("/* ") + len(" */")
	lines := layout.Wrap(c.Title(b.Lang), b.Columns-frame)
	title := len(lines)
	for _, text := range append(c.Lines(b.Lang), notes...) {
		lines = append(lines, layout.Wrap(text, b.Columns-frame)...)
	}
	var out strings.Builder
	for i, line := range lines {
		if i == 0 {
			line = "/* " + line
		} else {
			line = "   " + line
		}
		if i == len(lines)-1 {
			line += " */"
		}
		if b.Colour {
			code := green
			if i < title {
				code = bold
			}
			line = code + line + reset
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}
