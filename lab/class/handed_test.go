package class

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"chatlab/sniffer/catalogue"
)

// handIn puts files into a directory: nil is the capture of who did the student's task.
func handIn(t *testing.T, student string, n int, files map[string][]byte) (dir string) {
	dir = t.TempDir()
	for file, data := range files {
		file = filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if data == nil {
			write(t, file, captured(t, Assign(secret, student), n))
		} else if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gradeAll(t *testing.T, dir string, o *Options) *Grading {
	t.Helper()
	g, err := GradeDir(t.Context(), secret, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func shown(t *testing.T, g *Grading, lang catalogue.Lang) string {
	t.Helper()
	var table strings.Builder
	if err := g.Table(&table, lang, 80); err != nil {
		t.Fatal(err)
	}
	return table.String()
}

// Everybody on the list is in the table, in its order, and whoever is not on it below.
func TestClassList(t *testing.T) {
	dir := handIn(t, "zoe", 1, map[string][]byte{"zoe.pcap": nil, "amy/x.pcap": []byte("no"), "stranger.pcap": nil, "bob_zoe.pcap": nil, "bob/notes.txt": nil, "notes.txt": []byte("x")})
	g := gradeAll(t, dir, &Options{List: NewRoster([]string{"zoe", "bob", "amy", "Cy"})})
	var order []string
	for i := range g.Grades {
		order = append(order, g.Grades[i].Student)
	}
	if want := []string{"zoe", "bob", "amy", "Cy", "bob_zoe.pcap", "stranger"}; !slices.Equal(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
	if g.Grades[0].Points != Of || !g.Grades[1].Absent() || g.Grades[2].Absent() || !g.Grades[3].Absent() || g.Grades[1].Nick == "" {
		t.Errorf("got %+v", g.Grades)
	}
	if len(g.Grades[1].Left) != 1 || g.Grades[1].Left[0].File != "bob/notes.txt" || len(g.Other) != 1 {
		t.Errorf("bob left %v, others %v", g.Grades[1].Left, g.Other)
	}
	for _, lang := range catalogue.Langs {
		table := shown(t, g, lang)
		above, below, _ := strings.Cut(table, Text(lang, "unlisted")[:20])
		for _, part := range []string{"\nzoe           7/7", "\nbob           -\n    " + Text(lang, "absent"), "bob/notes.txt", "\nCy            -"} {
			if !strings.Contains(above, part) {
				t.Errorf("%s: no %q in\n%s", lang, part, above)
			}
		}
		if !strings.Contains(below, "\nstranger      2/7") || !strings.Contains(below, "\nbob_zoe.pcap  2/7") {
			t.Errorf("%s: got\n%s", lang, below)
		}
		var sheet bytes.Buffer
		if err := g.CSV(&sheet, lang, ';'); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(&sheet)
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 7 {
			t.Fatalf("%q, %v", rows, err)
		}
		for i, want := range []string{"7 yes", " no", "0 yes", " no", "2 unlisted", "2 unlisted"} {
			if row := rows[i+1]; row[2]+" "+row[len(row)-2] != want {
				t.Errorf("%s: got %q, want %q", row[0], row, want)
			}
		}
	}
}

// Of several files of one student the best counts, and all are named.
func TestBestOfSeveral(t *testing.T) {
	dir := handIn(t, "zoé", 2, map[string][]byte{
		"zoé/first.pcap": []byte("no capture"), norm.NFD.String("zoé") + "/second.pcap": nil, "ZOÉ.cap.gz": []byte("none either"), "zoé (1).pcapng": {},
	})
	write(t, filepath.Join(dir, "zoé.pcap"), captured(t, Assign(secret, "another"), 3))
	for _, list := range []*Roster{nil, NewRoster([]string{"zoé"})} {
		g := gradeAll(t, dir, &Options{List: list})
		if len(g.Grades) != 1 || g.Grades[0].Points != Of || len(g.Grades[0].Others) != 4 || g.Grades[0].Student != norm.NFC.String(g.Grades[0].Student) {
			t.Fatalf("got %+v", g.Grades)
		}
		grade := g.Grades[0]
		said := strings.Join(grade.notes("en"), " ")
		for _, file := range append(grade.Others, grade.File) {
			if !strings.Contains(said, file) {
				t.Errorf("%q is not named: %s", file, said)
			}
		}
	}
}

// What is no capture is told, with what to do, and what systems write is not.
func TestLeftOut(t *testing.T) {
	dir := handIn(t, "zoe", 4, map[string][]byte{
		"zoe.pcap": nil, "bob.zip": []byte("PK"), "__MACOSX/zoe.pcap": []byte("x"), "._zoe.pcap": []byte("x"), ".DS_Store": []byte("x"),
		"Thumbs.db": []byte("x"), ".git/a.pcap": []byte("x"), "a/b/c/d/e/f/g/h/i/deep.pcap": []byte("x"), "pages/zoe.html": []byte("x"),
	})
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "amy.pcap")); err != nil {
		t.Skip(err)
	}
	pages, err := os.Stat(filepath.Join(dir, "pages"))
	if err != nil {
		t.Fatal(err)
	}
	g := gradeAll(t, dir, &Options{Skip: pages})
	want := map[string]string{"a/b/c/d/e/f/g/h/i": "left.deep", "amy.pcap": "left.odd", "bob.zip": "left.archive"}
	for _, left := range g.Other {
		if left.Why.Key() != want[left.File] {
			t.Errorf("%s: %s", left.File, left.Message().In("en"))
		}
		delete(want, left.File)
	}
	if len(want) > 0 || len(g.Grades) != 1 {
		t.Errorf("not told: %v; %d grades", want, len(g.Grades))
	}
}

// Too much is not read: of one file, and of a directory.
func TestBounds(t *testing.T) {
	dir := handIn(t, "zoe", 1, map[string][]byte{"zoe.pcap": nil, "large.pcap": []byte("x")})
	if err := os.Truncate(filepath.Join(dir, "large.pcap"), maxSize+1); err != nil {
		t.Fatal(err)
	}
	g := gradeAll(t, dir, nil)
	if large := g.Grades[0]; large.Report != nil || !strings.Contains(strings.Join(large.notes("en"), " "), "larger than 256 MiB") {
		t.Errorf("got %+v", large)
	}
	s := search{dir: dir, entries: maxEntries - 1}
	if err := s.in("", 0); err == nil || !strings.Contains(err.Error(), "20,000 files") {
		t.Errorf("got %v", err)
	}
}
