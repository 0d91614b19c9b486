package show

import (
	"fmt"
	"io"
	"strings"

	"chatlab/lab/compare"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// maxDifferences bounds the differences that are listed under the table.
const maxDifferences = 10

// Table writes a comparison with the documented capture as a table, and below
// it what differs and should not. unprepared is what the stage could not bring about,
// or nil.
func Table(w io.Writer, c *compare.Comparison, unprepared error, o Options) error {
	say := func(key string, args ...any) string { return texts.Lab.Message(key, args...).In(o.Lang) }
	// Of each row the last column is broken into lines.
	rows, why := [][]string{{"  " + say("table.field"), say("table.equal"), ""}}, []string{""}
	free := false
	for i := range c.Fields {
		f := &c.Fields[i]
		mark, reason := "=", ""
		switch {
		case !f.Right():
			mark = "!"
		case f.Equal != f.Of:
			mark, reason, free = "~", say("why."+f.Name), true
		}
		rows = append(rows, []string{"  " + say("field."+f.Name), fmt.Sprintf("%d/%d", f.Equal, f.Of), mark})
		why = append(why, reason)
	}
	var out strings.Builder
	out.WriteString(layout.Paragraph("", say("table.title", "packets", c.Captured, "documented", c.Documented), o.Columns) + "\n")
	for i, row := range layout.Align(rows) {
		out.WriteString(layout.Paragraph(row+" ", why[i], o.Columns))
	}
	out.WriteString("\n")
	share := 100 * float64(c.IdenticalBytes) / float64(max(1, c.Bytes))
	lines := append(wrong(c, say), say("bytes", "identical", c.IdenticalBytes, "bytes", c.Bytes,
		"share", catalogue.Decimal{Value: share, Digits: 1}))
	if free {
		lines = append(lines, say("nature"))
	}
	if unprepared != nil {
		lines = append(lines, say("unprepared", "why", unprepared))
	}
	if c.Right() {
		lines = append(lines, say("right"))
	} else {
		lines = append(lines, say("wrong"))
	}
	for _, text := range lines {
		out.WriteString(layout.Paragraph("", text, o.Columns))
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
