//go:build unix

package main

import (
	"bufio"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Who is asked for a class list and types Ctrl-C has the command end at once, and not
// when the list would.
func TestClassListIsInterrupted(t *testing.T) {
	for _, args := range [][]string{
		{"assign", "--secret", "s", "--class", "-"},
		{"serve", "--class", "-"},
		{"grade", "--secret", "s", "--class", "-", t.TempDir()},
	} {
		cmd := exec.Command(built(t), append(args, "--lang", "en")...)
		var said strings.Builder
		cmd.Stderr = &said
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// More than a pipe holds: when it is written, the list is being read.
		w := bufio.NewWriter(in)
		for range 1 << 17 {
			w.WriteByte('\n')
		}
		w.Flush()
		cmd.Process.Signal(syscall.SIGINT)
		began := time.Now()
		cmd.Wait()
		if took := time.Since(began); took > endTime/2 || cmd.ProcessState.ExitCode() != exitFailed || said.Len() > 0 {
			t.Errorf("%s ends %v later with %d: %s", args[0], took, cmd.ProcessState.ExitCode(), said.String())
		}
		in.Close()
	}
}
