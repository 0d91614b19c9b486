package class

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"chatlab/sniffer/catalogue"
)

// pagesOf writes the pages of a directory of captures into a folder, and reads them.
func pagesOf(t *testing.T, g *Grading, dir string, lang catalogue.Lang) map[string]string {
	t.Helper()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	n, err := g.WritePages(folder, secret, lang)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) != n+1 || n != len(g.Grades) {
		t.Fatalf("%d pages are said, there are %q: %v", n, files, err)
	}
	all := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(data)
	}
	return all
}

// Each student has a page that tells of nobody else, and the teacher one that links to
// each and tells what captures have in common.
func TestPages(t *testing.T) {
	dir := handIn(t, "zoe17", 1, map[string][]byte{"zoe17.pcap": nil, "eve42.pcap": nil, "bad99.pcap": []byte("no capture"), "zoe17/second.pcap": []byte("x"), "zoe17/notes.txt": []byte("x")})
	g := gradeAll(t, dir, &Options{List: NewRoster([]string{"zoe17", "eve42", "bad99", "absentee"})})
	g.Grades[3].Port = 7300
	for _, lang := range catalogue.Langs {
		all := pagesOf(t, g, t.TempDir(), lang)
		index := all[Index]
		for i := range g.Grades {
			grade := &g.Grades[i]
			name := PageName(secret, grade.Student)
			page := all[name]
			if !strings.Contains(index, `<a href="`+name+`">`+grade.Student+`</a>`) {
				t.Errorf("%s: no link to %s", lang, name)
			}
			for j := range g.Grades {
				if other := g.Grades[j].Student; other != grade.Student && strings.Contains(page, other) {
					t.Errorf("%s: %s's page tells of %s", lang, grade.Student, other)
				}
			}
			for _, part := range []string{grade.Nick, grade.Message, grade.Student} {
				if !strings.Contains(page, part) {
					t.Errorf("%s: %s's page has no %q", lang, grade.Student, part)
				}
			}
			if again := strings.Contains(page, Text(lang, "page.again")); again != (grade.Points < Of) {
				t.Errorf("%s: %s has %d points, and how to do it again: %v", lang, grade.Student, grade.Points, again)
			}
		}
		for _, part := range []string{"zoe17/second.pcap", "zoe17/notes.txt"} {
			if !strings.Contains(all[PageName(secret, "zoe17")], part) {
				t.Errorf("%s: zoe's page has no %q", lang, part)
			}
		}
		if page := all[PageName(secret, "absentee")]; !strings.Contains(page, "lab check --chat 7300 --nick") || !strings.Contains(page, Text(lang, "absent")) || !strings.Contains(all[PageName(secret, "bad99")], "Wireshark") {
			t.Errorf("%s: it is not said what is missing", lang)
		}
		if alike := html.EscapeString(g.Groups[0].Message().In(lang)); strings.Count(index, alike) != 1 {
			t.Errorf("%s: what zoe and eve have in common is not told: %s", lang, index)
		}
	}
}

// Whatever students call themselves and their files, it is text.
func TestPagesAreText(t *testing.T) {
	const hostile = `"><script src=x>alert(1)<`
	dir := t.TempDir()
	write(t, filepath.Join(dir, hostile+".pcap"), captured(t, Task{Nick: hostile, Message: hostile}, 1))
	for name, page := range pagesOf(t, gradeAll(t, dir, nil), t.TempDir(), "en") {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		elements := map[string]bool{}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode {
				elements[n.Data] = true
			}
		}
		if elements["script"] || elements["img"] || !strings.Contains(page, "&lt;script src=x&gt;") {
			t.Errorf("%s: it is no text: %v", name, elements)
		}
	}
}

// A page's name does on every file system, and is one student's alone.
func TestPageName(t *testing.T) {
	fit := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\.html$`)
	names := map[string]string{}
	for _, id := range []string{"zoe", "zoé", "zo-e", "con", "nul.txt", "a/b", "a\\b", "..", "", "-", "李雷", "李蕾", strings.Repeat("x", 300), strings.Repeat("x", 301), "a b", "a  b", "index", "\xff", "\x00"} {
		name := strings.ReplaceAll(PageName(secret, id), "--", "-")
		if other, ok := names[name]; ok || !fit.MatchString(name) || len(name) > 64 || name == Index {
			t.Errorf("%q: %s (of %q)", id, name, other)
		}
		names[name] = id
	}
	if PageName(secret, "Zoé ") != PageName(secret, "zoé") || PageName(secret+"!", "zoe") == PageName(secret, "zoe") {
		t.Error("a name does not depend on the id and the secret")
	}
	if strings.Contains(PageName(secret, "zoe"), Token(secret, "zoe")) {
		t.Error("a page's name tells what the student's link carries")
	}
}

// Once more it replaces its own pages, takes those away that are no more, and touches
// nothing else.
func TestPagesOnceMore(t *testing.T) {
	captures, pages := handIn(t, "zoe", 1, map[string][]byte{"zoe.pcap": nil, "eve.pcap": nil}), t.TempDir()
	pagesOf(t, gradeAll(t, captures, nil), pages, "en")
	if err := os.Remove(filepath.Join(captures, "eve.pcap")); err != nil {
		t.Fatal(err)
	}
	all := pagesOf(t, gradeAll(t, captures, nil), pages, "fr")
	if len(all) != 2 || !strings.Contains(all[Index], `lang="fr"`) {
		t.Errorf("there are %d pages", len(all))
	}
	mine := filepath.Join(pages, "mine.html")
	outside := filepath.Join(t.TempDir(), "outside.html")
	for _, file := range []string{mine, outside} {
		if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := os.OpenRoot(pages)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	g := gradeAll(t, captures, nil)
	zoe := filepath.Join(pages, PageName(secret, "zoe"))
	for i, spoil := range []func() error{
		func() error { return os.WriteFile(zoe, []byte("not one of ours"), 0o600) },
		func() error { return os.Remove(zoe) },
		func() error { return os.Symlink(outside, zoe) },
		func() error { return os.Mkdir(zoe, 0o700) },
	} {
		if err := spoil(); err != nil {
			t.Skip(err)
		}
		before := snapshot(t, pages)
		_, err := g.WritePages(folder, secret, "en")
		if foreign := err != nil; foreign != (i != 1) || foreign && !slices.Equal(before, snapshot(t, pages)) {
			t.Errorf("%d: %v", i, err)
		}
		if data, err := os.ReadFile(mine); err != nil || string(data) != "mine" {
			t.Errorf("%d: a file of somebody's is %q, %v", i, data, err)
		}
		if data, err := os.ReadFile(outside); err != nil || string(data) != "mine" {
			t.Errorf("%d: a file outside is %q, %v", i, data, err)
		}
		if i > 0 {
			if err := os.Remove(zoe); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// snapshot gives what is in a folder.
func snapshot(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		all = append(all, fmt.Sprintf("%v %x", e, bytes.TrimSpace(data)))
	}
	return all
}
