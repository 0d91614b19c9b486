package show

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"chatlab/lab/compare"
	"chatlab/lab/texts"
	"chatlab/sniffer/layout"
)

// maxDifferences bounds the differences that are listed under the table.
const maxDifferences = 10

// Table writes a comparison with the documented capture as a table, and below
// it what differs and should not.
func Table(w io.Writer, c *compare.Comparison, o Options) error {
	say := func(key string, args ...any) string { return texts.Lab.Message(key, args...).In(o.Lang) }
	rows := [][3]string{{say("table.field"), say("table.equal"), ""}}
	for i := range c.Fields {
		f := &c.Fields[i]
		row := [3]string{say("field." + f.Name), fmt.Sprintf("%d/%d", f.Equal, f.Of), ""}
		switch {
		case !f.Right():
			row[2] = "!"
		case f.Equal == f.Of:
			row[2] = "="
		default:
			row[2] = "~ " + say("why."+f.Name)
		}
		rows = append(rows, row)
	}
	var widths [2]int
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
	}
	var out strings.Builder
	for _, line := range layout.Wrap(say("table.title", "packets", c.Captured, "documented", c.Documented), o.Columns) {
		out.WriteString(line + "\n")
	}
	out.WriteString("\n")
	for _, row := range rows {
		line := "  " + pad(row[0], widths[0]) + "  " + pad(row[1], widths[1]) + "  "
		margin := uniseg.StringWidth(line)
		for i, part := range layout.Wrap(row[2], o.Columns-margin) {
			if i > 0 {
				line = strings.Repeat(" ", margin+2)
			}
			out.WriteString(strings.TrimRight(line+part, " ") + "\n")
		}
		if row[2] == "" {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	out.WriteString("\n")
	lines := append(wrong(c, say), say("nature"))
	if c.Right() {
		lines = append(lines, say("right"))
	} else {
		lines = append(lines, say("wrong"))
	}
	for _, text := range lines {
		for _, line := range layout.Wrap(text, o.Columns) {
			out.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// wrong tells what differs and should not.
func wrong(c *compare.Comparison, say func(string, ...any) string) []string {
	var lines []string
	for _, n := range c.Missing {
		lines = append(lines, say("missing", "packet", n))
	}
	if n := c.Extra - c.ExtraAcks; n > 0 {
		lines = append(lines, say("extra", "packets", n))
	}
	if n := c.ExtraAcks; n > 0 {
		lines = append(lines, say("extra.acks", "packets", n))
	}
	for _, d := range c.Differences {
		if !d.ByNature {
			lines = append(lines, say("difference", "packet", d.Packet,
				"field", say("field."+d.Field), "documented", d.Documented, "got", d.Got))
		}
	}
	if n := len(lines); n > maxDifferences {
		lines = append(lines[:maxDifferences], "…")
	}
	return lines
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}
