//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A student's own lesson, left to the lab: it does that student's task, its files have
// the student's name, and they are graded as they are. Somebody else's lesson is not
// gone on with.
func TestGuideOfAStudent(t *testing.T) {
	needNamespaces(t)
	lab, dir, state := built(t), t.TempDir(), t.TempDir()
	run := func(input string, args ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(lab, args...)
		cmd.Stdin = strings.NewReader(input)
		out, _ := cmd.CombinedOutput()
		return unwrapped(string(out)), cmd.ProcessState.ExitCode()
	}
	lesson := func(input, student, lang string) string {
		t.Helper()
		out, status := run(input, "guide", "--lang", lang, "--stage", "namespace", "--chat", "0", "--page", "0",
			"--state", state, "--results", dir, "--student", student, "--secret", "s3")
		if status != exitRight {
			t.Fatalf("status %d\n%s", status, out)
		}
		return out
	}
	lesson("skip\n", "bob", "en")
	if out := lesson("quit\n", "zoé", "en"); !strings.Contains(out, "has another task, or none. It was set aside as") {
		t.Errorf("bob’s lesson is gone on with by zoé, or it is not told:\n%s", out)
	}
	task, _ := run("", "assign", "--secret", "s3", "--csv", "zoé")
	out := lesson(strings.Repeat("skip\n", 20), "zoé", "fr")
	if strings.Contains(out, "mise de côté") {
		t.Errorf("zoé’s own lesson is set aside:\n%s", out)
	}
	for _, want := range strings.Split(task[strings.LastIndex(task, "zoé,")+len("zoé,"):], ",") {
		if !strings.Contains(out, strings.Trim(want, `" `)) {
			t.Errorf("%q is asked for nowhere:\n%s", want, out)
		}
	}
	for _, file := range []string{"zoé.pcap", "zoé.html"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil || !strings.Contains(out, file) {
			t.Errorf("no %s: %v\n%s", file, err, out)
		}
	}
	if grade, status := run("", "grade", "--lang", "en", "--secret", "s3", dir); status != exitRight || !strings.Contains(grade, "zoé") {
		t.Errorf("status %d\n%s", status, grade)
	}
}
