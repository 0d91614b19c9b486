package class

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
)

// BOM begins a file of UTF-8 that Excel is to read as such.
const BOM = "\ufeff"

// CSV writes grades as CSV (RFC 4180, with comma between the fields), with a line of
// names. The names and the statuses are the same in every language. Who handed in
// nothing has no points.
func (g *Grading) CSV(w io.Writer, lang catalogue.Lang, comma rune) error {
	head := []string{"student", "file", "points", "of"}
	for _, s := range scenario.Steps {
		head = append(head, string(s.ID), string(s.ID)+"-packets")
	}
	rows := [][]string{append(head, "alike", "source", "nick", "message", "handed-in", "notes")}
	for i := range g.Grades {
		grade := &g.Grades[i]
		points, handed := strconv.Itoa(grade.Points), "yes"
		switch {
		case grade.Absent():
			points, handed = "", "no"
		case grade.Unlisted:
			handed = "unlisted"
		}
		row := []string{cell(grade.Student), cell(grade.File), points, strconv.Itoa(Of)}
		for j := range scenario.Steps {
			status, packets := steps.Missing, ""
			if grade.Report != nil {
				status, packets = grade.Report.Steps[j].Status, list(grade.Report.Steps[j].Packets)
			}
			row = append(row, string(status), packets)
		}
		number, source := "", ""
		if group := grade.Alike; group != nil {
			number, source = strconv.Itoa(group.Number), group.Source.Student
		}
		rows = append(rows, append(row, number, cell(source), grade.Nick, grade.Message, handed, cell(strings.Join(grade.notes(lang), "; "))))
	}
	c := csv.NewWriter(w)
	c.Comma = comma
	return c.WriteAll(rows)
}

func list(packets []int) string {
	parts := make([]string, len(packets))
	for i, n := range packets {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " ")
}

// cell keeps a spreadsheet from taking a text for a formula: by its first sign that is
// seen, also as wide as Chinese characters (OWASP, "CSV Injection").
func cell(s string) string {
	seen := strings.TrimLeft(s, " \t\r\n\u00a0\u3000")
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || seen != "" && strings.ContainsRune("=+-@＝＋－＠", first(seen)) {
		return "'" + s
	}
	return s
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
