package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// invited starts lab serve and gives its invitation, up to how to end the lesson.
func invited(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	return said.String()
}

// served has lab serve give its lesson until it says how to end it, ends it, and gives
// what it said.
func served(t *testing.T, cmd *exec.Cmd) (said string, err error) {
	t.Helper()
	said = invited(t, cmd)
	_ = cmd.Process.Signal(os.Interrupt)
	return said, cmd.Wait()
}

// openDir gives a directory that other users can write to, as they cannot to the test's
// own.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lesson")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}
