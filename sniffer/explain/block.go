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
			style := layout.Green
			if i < title {
				style = layout.BoldCyan
			}
			line = style.On(line)
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}
