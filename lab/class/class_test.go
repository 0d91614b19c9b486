package class

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

const secret = "correct horse"

func TestAssign(t *testing.T) {
	nicks, messages := map[string]bool{}, map[string]bool{}
	for i := range 1000 {
		task := Assign(secret, fmt.Sprintf("s%04d", i))
		nicks[task.Nick], messages[task.Message] = true, true
		for _, r := range task.Nick + task.Message {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != ' ' {
				t.Fatalf("%q is hard to type: %+v", r, task)
			}
		}
		if len(task.Nick) > 24 || len(task.Message) > 60 {
			t.Errorf("long: %+v", task)
		}
	}
	if len(nicks) < 995 || len(messages) < 1000 {
		t.Errorf("%d nicknames, %d messages of 1000", len(nicks), len(messages))
	}
	a := Assign(secret, "Zoé")
	if b := Assign(secret, " zOé "); a.Nick != b.Nick || a.Message != b.Message {
		t.Error("case and blanks of an id matter")
	}
	if b := Assign(secret, "ZOE\u0301"); a.Nick != b.Nick || b.Student != "ZOÉ" {
		t.Errorf("it matters how é is composed: %+v, %+v", a, b)
	}
	if b := Assign(secret+"!", "Zoé"); a.Nick == b.Nick || a.Message == b.Message {
		t.Error("the secret does not matter")
	}
	// What students have been told must stay true.
	if got := Assign("S", "alice"); got.Nick != "short-turtle-58" || got.Message != "eight green robins wash rapid nails" {
		t.Errorf("got %+v", got)
	}
}

// captured makes the capture of a student who did the task, at a moment and
// from a port of their own.
func captured(t testing.TB, task Task, n int) []capture.Packet {
	s := checktest.New(t)
	s.Pass(time.Duration(n) * 977 * time.Second)
	s.ID = uint16(n * 331)
	s.Jitter = uint64(n + 1)
	s.Play(checktest.Cast{Today: n%2 == 0, Nick: task.Nick, Message: task.Message, Port: uint16(33000 + 7*n), Alone: n%3 == 0})
	return s.Packets
}

func write(t testing.TB, file string, packets []capture.Packet) {
	t.Helper()
	var b bytes.Buffer
	if err := capture.WriteAll(&b, capture.FileHeader{LinkType: packets[0].LinkType}, packets); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	if strings.HasSuffix(file, ".gz") {
		var z bytes.Buffer
		zw := gzip.NewWriter(&z)
		if _, err := zw.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
		data = z.Bytes()
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// shifted is a copy an hour and a bit later.
func shifted(packets []capture.Packet) []capture.Packet {
	copied := slices.Clone(packets)
	for i := range copied {
		copied[i].Time = copied[i].Time.Add(time.Hour + 123457*time.Microsecond)
	}
	return copied
}

func TestGrade(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	honest := captured(t, Assign(secret, "ann"), 1)
	write(t, path("ann.pcap"), honest)
	write(t, path("bob.pcap.gz"), captured(t, Assign(secret, "bob"), 2))
	write(t, path("shift.pcap"), shifted(honest))
	write(t, path("lone.pcap"), captured(t, Assign(secret, "lone"), 3))
	write(t, path("same.pcap"), honest)
	data, err := os.ReadFile(path("bob.pcap.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"empty.pcap": nil, "foreign.pcapng": []byte("hello, world"), "notes.txt": []byte("x"), "cut.pcap.gz": data[:len(data)-40]} {
		if err := os.WriteFile(path(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g, err := GradeDir(context.Background(), secret, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Other) != 1 || g.Other[0].File != "notes.txt" {
		t.Errorf("left out %v", g.Other)
	}
	by := map[string]*Grade{}
	for i := range g.Grades {
		by[g.Grades[i].Student] = &g.Grades[i]
	}
	for student, points := range map[string]int{"ann": 7, "bob": 7, "lone": 7, "shift": 2, "same": 2, "empty": 0, "foreign": 0} {
		if got := by[student]; got.Points != points || (got.Report == nil) != (got.Err != nil) {
			t.Errorf("%s: %d points, want %d, %v", student, got.Points, points, got.Err)
		}
	}
	if cut := by["cut"]; cut.Err == nil || cut.Report == nil {
		t.Errorf("cut: %v, %v", cut.Err, cut.Report)
	}
	for i, want := range []Group{
		{Members: []string{"ann", "same", "shift"}, Source: Source{"ann", ByTask, true, false}},
		{Members: []string{"bob", "cut"}, Source: Source{"bob", ByTask, true, false}},
	} {
		if got := g.Groups[i]; len(g.Groups) != 2 || !slices.Equal(got.Members, want.Members) || got.Source != want.Source {
			t.Errorf("%d groups, of them %+v, want %+v", len(g.Groups), got, want)
		}
	}
	for student, grade := range by {
		if want := student == "same" || student == "shift" || student == "cut"; grade.Flagged() != want {
			t.Errorf("%s is flagged: %v", student, !want)
		}
	}
	group := g.Groups[0]
	for _, lang := range catalogue.Langs {
		var table, sheet bytes.Buffer
		if err := g.Table(&table, lang, 80); err != nil {
			t.Fatal(err)
		}
		if err := g.CSV(&sheet, lang, ','); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&sheet).ReadAll()
		if err != nil || len(rows) != len(g.Grades)+1 || rows[1][0] != "ann" || rows[1][2] != "7" || !strings.Contains(rows[1][len(rows[1])-1], group.Message().In(lang)) || rows[1][18]+rows[1][19] != "1ann" {
			t.Errorf("%v: %q", err, rows)
		}
		for _, row := range rows[1:] {
			if got := strings.Contains(row[len(row)-1], Text(lang, "alone")); got != (row[0] == "lone") {
				t.Errorf("%s: %s alone: %v: %q", lang, row[0], got, row)
			}
		}
		if !strings.Contains(table.String(), "\nann      7/7") || !strings.Contains(table.String(), "\n    "+Text(lang, "alone")) {
			t.Errorf("%s: got\n%s", lang, table.String())
		}
	}
}

// Two hundred honest captures: all have their points, and none is like another.
func TestGradeManyHonest(t *testing.T) {
	dir := t.TempDir()
	for i := range 200 {
		id := fmt.Sprintf("s%03d", i)
		write(t, filepath.Join(dir, id+".pcap"), captured(t, Assign(secret, id), i))
	}
	g, err := GradeDir(context.Background(), secret, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range g.Grades {
		if grade := &g.Grades[i]; grade.Points != Of || grade.Alike != nil {
			t.Errorf("%s: %d points, like %v", grade.Student, grade.Points, grade.Alike)
		}
	}
}

func TestNoCapture(t *testing.T) {
	if _, err := GradeDir(context.Background(), secret, t.TempDir(), nil); err == nil || err.Error() != (*NoCaptures)(nil).Error() {
		t.Errorf("got %v", err)
	}
}
