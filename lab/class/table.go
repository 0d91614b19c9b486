package class

import (
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

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

// Table writes grades as a table: a line a capture, below it what is to be said
// of it.
func (g *Grading) Table(w io.Writer, lang catalogue.Lang, columns int) error {
	head := []string{Text(lang, "student"), Text(lang, "points")}
	var legend catalogue.List[string]
	for i, s := range scenario.Steps {
		n := strconv.Itoa(i + 1)
		head, legend = append(head, n), append(legend, n+" "+steps.Name(s.ID).In(lang))
	}
	rows := [][]string{head}
	var notes [][]string
	full, flagged := 0, 0
	for i := range g.Grades {
		grade := &g.Grades[i]
		row := []string{layout.Quote(grade.Student, 100), fmt.Sprintf("%d/%d", grade.Points, Of)}
		for j := range scenario.Steps {
			row = append(row, grade.evidence(j, lang))
		}
		rows, notes = append(rows, row), append(notes, grade.notes(lang))
		if grade.Points == Of {
			full++
		}
		if grade.Flagged() {
			flagged++
		}
	}
	var out strings.Builder
	out.WriteString(layout.Paragraph("", Text(lang, "legend", "steps", legend), columns) + "\n")
	for i, line := range layout.Align(rows) {
		out.WriteString(line + "\n")
		if i == 0 {
			continue
		}
		for _, note := range notes[i-1] {
			out.WriteString(layout.Paragraph("    ", note, columns))
		}
	}
	out.WriteString("\n" + Text(lang, "summary", "captures", len(g.Grades), "full", full, "flagged", flagged) + "\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// Flagged tells whether the capture is surely like another student's.
func (g *Grade) Flagged() bool {
	return slices.ContainsFunc(g.Alike, func(a Alike) bool { return a.Sure() })
}

// evidence tells what became of step j, and in which packets it shows.
func (g *Grade) evidence(j int, lang catalogue.Lang) string {
	if g.Report == nil {
		return "-"
	}
	s := &g.Report.Steps[j]
	return render.Marks[string(s.Status)] + render.Numbers(s.Packets).In(lang)
}

// maxLike is how many captures are named that one is like: a teacher reads no more.
const maxLike = 20

// notes are what is to be said of a capture beyond its points.
func (g *Grade) notes(lang catalogue.Lang) []string {
	var all []string
	switch {
	case g.Report != nil && !g.Report.Ends.IsZero():
		all = append(all, g.Report.Ends.In(lang))
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
	for i := range g.Alike {
		if i == maxLike {
			all = append(all, Text(lang, "more", "captures", len(g.Alike)-i))
			break
		}
		a := &g.Alike[i]
		key := "perhaps"
		if a.Sure() {
			key = "copy"
		}
		var what catalogue.List[catalogue.Message]
		for _, l := range a.By {
			what = append(what, texts.Message("like."+string(l)))
		}
		all = append(all, Text(lang, key, "student", layout.Quote(a.Student, 100), "what", what))
	}
	return all
}

// CSV writes grades as CSV (RFC 4180), with a line of names. The names and the
// statuses are the same in every language.
func (g *Grading) CSV(w io.Writer, lang catalogue.Lang) error {
	head := []string{"student", "file", "points", "of"}
	for _, s := range scenario.Steps {
		head = append(head, string(s.ID), string(s.ID)+"-packets")
	}
	rows := [][]string{append(head, "copies", "perhaps", "nick", "message", "notes")}
	for i := range g.Grades {
		grade := &g.Grades[i]
		row := []string{cell(grade.Student), cell(filepath.Base(grade.File)), strconv.Itoa(grade.Points), strconv.Itoa(Of)}
		for j := range scenario.Steps {
			status, packets := steps.Missing, ""
			if grade.Report != nil {
				status, packets = grade.Report.Steps[j].Status, list(grade.Report.Steps[j].Packets)
			}
			row = append(row, string(status), packets)
		}
		var copies, perhaps []string
		for _, a := range grade.Alike {
			if a.Sure() {
				copies = append(copies, a.Student)
			} else {
				perhaps = append(perhaps, a.Student)
			}
		}
		rows = append(rows, append(row, cell(strings.Join(copies, " ")), cell(strings.Join(perhaps, " ")),
			grade.Nick, grade.Message, cell(strings.Join(grade.notes(lang), "; "))))
	}
	c := csv.NewWriter(w)
	return c.WriteAll(rows)
}

func list(packets []int) string {
	parts := make([]string, len(packets))
	for i, n := range packets {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " ")
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func table(w io.Writer, rows [][]string) error {
	_, err := io.WriteString(w, strings.Join(layout.Align(rows), "\n")+"\n")
	return err
}
