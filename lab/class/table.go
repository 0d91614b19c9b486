package class

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// Text gives a text of this package's catalogue.
func Text(lang catalogue.Lang, key string, args ...any) string {
	return texts.Message(key, args...).In(lang)
}

// Tasks writes students' tasks as a table.
func Tasks(w io.Writer, tasks []Task, lang catalogue.Lang) error {
	rows := [][]string{{Text(lang, "student"), Text(lang, "nick"), Text(lang, "message")}}
	for _, t := range tasks {
		rows = append(rows, []string{layout.Quote(t.Student, 100), t.Nick, t.Message})
	}
	return table(w, rows)
}

// TasksCSV writes students' tasks as CSV (RFC 4180), with a line of names.
func TasksCSV(w io.Writer, tasks []Task) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"student", "nick", "message"}}
	for _, t := range tasks {
		rows = append(rows, []string{cell(t.Student), t.Nick, t.Message})
	}
	return c.WriteAll(rows)
}

// Table writes grades as a table: a line a student, below it what is to be said of
// the capture; and below who is on the class list, those who are not.
func (g *Grading) Table(w io.Writer, lang catalogue.Lang, columns int) error {
	head := []string{Text(lang, "student"), Text(lang, "points")}
	var legend catalogue.List[string]
	for i, s := range scenario.Steps {
		n := strconv.Itoa(i + 1)
		head, legend = append(head, n), append(legend, n+" "+steps.Name(s.ID).In(lang))
	}
	rows := [][]string{head}
	for i := range g.Grades {
		grade := &g.Grades[i]
		row := []string{layout.Quote(grade.Student, 100), fmt.Sprintf("%d/%d", grade.Points, Of)}
		for j := range scenario.Steps {
			row = append(row, grade.evidence(j, lang))
		}
		if grade.Absent() {
			row = append(row[:1], "-")
		}
		rows = append(rows, row)
	}
	var out strings.Builder
	for _, m := range g.Common() {
		out.WriteString(layout.Paragraph("", m.In(lang), columns) + "\n")
	}
	out.WriteString(layout.Paragraph("", Text(lang, "legend", "steps", legend), columns) + "\n")
	lines := layout.Align(rows)
	out.WriteString(lines[0] + "\n")
	for i := range g.Grades {
		grade := &g.Grades[i]
		if g.Listed && grade.Unlisted && (i == 0 || !g.Grades[i-1].Unlisted) {
			out.WriteString("\n" + layout.Paragraph("", Text(lang, "unlisted"), columns))
		}
		out.WriteString(lines[i+1] + "\n")
		for _, note := range grade.brief(lang) {
			out.WriteString(layout.Paragraph("    ", note, columns))
		}
	}
	if len(g.Groups) > 0 {
		out.WriteString("\n" + layout.Paragraph("", Text(lang, "alike"), columns))
	}
	for _, group := range g.Groups {
		out.WriteString(layout.Paragraph("", group.Message().In(lang), columns))
	}
	out.WriteString("\n" + layout.Paragraph("", g.summary().In(lang), columns))
	_, err := io.WriteString(w, out.String())
	return err
}

// summary counts.
func (g *Grading) summary() catalogue.Message {
	captures, full, flagged, absent := 0, 0, 0, 0
	for i := range g.Grades {
		grade := &g.Grades[i]
		if grade.Absent() {
			absent++
			continue
		}
		captures += 1 + len(grade.Others)
		if grade.Points == Of {
			full++
		}
		if grade.Flagged() {
			flagged++
		}
	}
	m := texts.Message("summary", "captures", captures, "full", full, "flagged", flagged)
	if absent > 0 {
		m = texts.Message("summary.absent", "summary", m, "absent", absent)
	}
	return m
}

// evidence tells what became of step j, and in which packets it shows.
func (g *Grade) evidence(j int, lang catalogue.Lang) string {
	if g.Report == nil {
		return "-"
	}
	s := &g.Report.Steps[j]
	return render.Marks[string(s.Status)] + render.Numbers(s.Packets).In(lang)
}

// notes are what is to be said of a capture beyond its points.
func (g *Grade) notes(lang catalogue.Lang) []string {
	if g.Alike != nil {
		return append(g.says(lang), g.Alike.Message().In(lang))
	}
	return g.says(lang)
}

// brief is notes where its group is said elsewhere.
func (g *Grade) brief(lang catalogue.Lang) []string {
	if g.Alike != nil {
		return append(g.says(lang), Text(lang, "in.group", "number", g.Alike.Number))
	}
	return g.says(lang)
}

// says is what is to be said of a capture but for its group.
func (g *Grade) says(lang catalogue.Lang) []string {
	var all []string
	if g.Absent() {
		all = append(all, Text(lang, "absent"))
	}
	if len(g.Perhaps) > 0 {
		all = append(all, Text(lang, "ambiguous", "students", catalogue.List[string](layout.QuoteAll(g.Perhaps, 100))))
	}
	if len(g.Others) > 0 {
		all = append(all, Text(lang, "best", "file", layout.Quote(g.File, 200), "others", catalogue.List[string](layout.QuoteAll(g.Others, 200))))
	}
	for i := range g.Left {
		all = append(all, g.Left[i].Message().In(lang))
	}
	switch {
	case g.Report != nil && !g.Report.Ends.IsZero():
		all = append(all, g.Report.Ends.In(lang))
		if g.Report.Fault == evidence.Broken { // which may be anything
			all = append(all, Text(lang, "unreadable", "error", render.Unreadable(g.Err)))
		}
	case g.Err != nil:
		all = append(all, Text(lang, "unreadable", "error", render.Unreadable(g.Err)))
	}
	if g.Report != nil {
		if unread := g.Report.Unread(); !unread.IsZero() {
			all = append(all, unread.In(lang))
		}
		if g.Report.Alone {
			all = append(all, Text(lang, "alone"))
		}
	}
	for _, m := range g.likeness() {
		all = append(all, m.In(lang))
	}
	return all
}

func table(w io.Writer, rows [][]string) error {
	_, err := io.WriteString(w, strings.Join(layout.Align(rows), "\n")+"\n")
	return err
}
