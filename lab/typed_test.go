package main

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

func TestProgram(t *testing.T) {
	for path, want := range map[string]string{
		"/tmp/go-build123/b001/exe/lab": "go run ./lab", "/home/a/.cache/go-build/1f/1f2e-d/lab": "go run ./lab", "/cache/ab/x-d/lab": "go run ./lab",
		"./lab": "./lab", "lab": "lab", "/opt/my tools/lab": "'/opt/my tools/lab'",
	} {
		if got := program(path, "/cache"); got != want {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

// What is told to be typed is what was typed, for a shell.
func TestShellWord(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no sh")
	}
	for _, word := range []string{"guide", "--state", "a b", "it's", "$HOME", "*", "", "课程", "x;y", "--lang=fr", `a"b`, `a\b`, "~"} {
		out, err := exec.Command("sh", "-c", "printf %s "+shellWord(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q becomes %q, %v", word, out, err)
		}
	}
	if got := typed([]string{"guide", "--lang", "fr", "--state", "my lesson"}); !strings.HasSuffix(got, " guide --lang fr --state 'my lesson'") {
		t.Error(got)
	}
}
