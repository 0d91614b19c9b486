package class

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// No cell of what a student may write is a formula.
func TestCellIsNoFormula(t *testing.T) {
	for _, s := range []string{"=1+1", "+a", "-a", "@a", "\ta", "\ra", " =1+1", "\n=1+1", "＝1＋1", "－a", "　@a"} {
		if cell(s) != "'"+s {
			t.Errorf("%q is a formula", s)
		}
	}
	for _, s := range []string{"ann", "", "a=b", " ann"} {
		if cell(s) != s {
			t.Errorf("%q is changed", s)
		}
	}
}

// Moodle takes the identifier, the grade and the feedback: each student of the list
// once, and nobody else.
func TestMoodle(t *testing.T) {
	dir := handIn(t, "zoe", 1, map[string][]byte{"zoe.pcap": nil, "<b>.pcap": nil, "cut.pcap": []byte("<no>"), "stranger.pcap": nil})
	write(t, filepath.Join(dir, "amy.pcap"), captured(t, Task{Nick: "<b>amy", Message: "<i>"}, 2))
	list := NewRoster([]string{"zoe", "bob", "cut", "amy"})
	for _, lang := range catalogue.Langs {
		var sheet bytes.Buffer
		g := gradeAll(t, dir, &Options{List: list})
		left, err := g.Moodle(&sheet, lang)
		if err != nil || left != 2 {
			t.Fatalf("%d are left out, %v", left, err)
		}
		rows, err := csv.NewReader(&sheet).ReadAll()
		if err != nil || len(rows) != 5 || !slices.Equal(rows[0], []string{"Identifier", "Grade", "Feedback"}) {
			t.Fatalf("%q, %v", rows, err)
		}
		for i, want := range []struct{ student, grade, feedback string }{
			{"zoe", "7", "7"}, {"bob", "-", Text(lang, "absent")}, {"cut", "0", "cut.pcap"}, {"amy", "2", "&lt;b&gt;amy"},
		} {
			row := rows[i+1]
			if row[0] != want.student || row[1] != want.grade || !strings.Contains(row[2], want.feedback) || strings.ContainsAny(row[2], "<>\n") {
				t.Errorf("%s: got %q, want %q", lang, row, want)
			}
		}
	}
	// Without a list everybody is in it, and a name that a student gave is no formula.
	dir = handIn(t, "zoe", 1, map[string][]byte{"=zoe.pcap": nil})
	var sheet bytes.Buffer
	g := gradeAll(t, dir, nil)
	if left, err := g.Moodle(&sheet, "en"); err != nil || left != 0 || !strings.Contains(sheet.String(), "\n'=zoe,2,") {
		t.Errorf("%d left out, %v: %s", left, err, sheet.String())
	}
	sheet.Reset()
	if err := g.CSV(&sheet, "en", '\t'); err != nil || !strings.Contains(sheet.String(), "\n'=zoe\t'=zoe.pcap\t2\t7\tfound\t") {
		t.Errorf("%v: %s", err, sheet.String())
	}
}
