package class

import (
	"encoding/csv"
	"html"
	"io"
	"strconv"
	"strings"

	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
)

// Moodle writes grades for Moodle's grade import (Grades, Import, CSV file), which takes
// a column that identifies the user (user name, ID number or e-mail address, as the
// teacher then says), one of grades and one of feedback; "-" is no grade, and feedback
// without a grade would take one away (docs.moodle.org, "Grade import";
// grade/import/csv/classes/load_data.php, update_grade_item). One unknown user ends the
// whole import, so who is not on the class list is left out: their number is given
// back. Moodle shows feedback as HTML.
func (g *Grading) Moodle(w io.Writer, lang catalogue.Lang) (left int, err error) {
	rows := [][]string{{"Identifier", "Grade", "Feedback"}}
	for i := range g.Grades {
		grade := &g.Grades[i]
		if grade.Unlisted {
			left++
			continue
		}
		student, points := grade.Student, "-"
		if !g.Listed { // then it is the name that a student gave to a file
			student = cell(student)
		}
		if !grade.Absent() {
			points = strconv.Itoa(grade.Points)
		}
		rows = append(rows, []string{student, points, html.EscapeString(grade.feedback(lang))})
	}
	return left, csv.NewWriter(w).WriteAll(rows)
}

// feedback tells a student in one line what is missing of the capture.
func (g *Grade) feedback(lang catalogue.Lang) string {
	switch {
	case g.Absent():
		return Text(lang, "absent")
	case g.Report == nil:
		return Text(lang, "unreadable", "error", render.Unreadable(g.Err))
	}
	parts := []string{render.Summary(g.Report, lang)}
	for i := range g.Report.Steps {
		s := &g.Report.Steps[i]
		key := "feedback.step"
		if !s.Got.IsZero() {
			key = "feedback.got"
		}
		if s.Status != steps.Found {
			parts = append(parts, Text(lang, key, "step", steps.Name(s.ID), "status", s.Status.Name(), "got", s.Got))
		}
	}
	if !g.Report.Advice.IsZero() {
		parts = append(parts, g.Report.Advice.In(lang))
	}
	return strings.Join(parts, " ")
}
