package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// underLoad keeps the machine busy until the test ends.
func underLoad(t *testing.T) {
	var ended atomic.Bool
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			for !ended.Load() {
			}
		})
	}
	t.Cleanup(func() {
		ended.Store(true)
		running.Wait()
	})
}

// printed runs a command in this process, and gives what it prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr strings.Builder
	if status := run(t.Context(), args, &stdout, &stderr, english); status != exitRight {
		t.Errorf("%s: status %d\n%s", strings.Join(args, " "), status, stderr.String())
	}
	return stdout.String()
}

var exactRuns = flag.Int("exact-runs", 8, "how often TestExactUnderLoad plays")

// A living TCP sends the documented capture each time, on a machine that does something
// else, four at a time, and takes no time for the pauses of 2014: nine minutes.
func TestExactUnderLoad(t *testing.T) {
	want, err := os.ReadFile("testdata/tcpdump-2014.txt")
	if err != nil {
		t.Fatal(err)
	}
	underLoad(t)
	const at = 4
	times := *exactRuns / at
	began := time.Now()
	var running sync.WaitGroup
	for range at {
		running.Go(func() {
			for i := range times {
				if got := printed(t, "run", "--exact", "--plain"); got != string(want) {
					t.Errorf("run %d prints\n%s", i+1, got)
				}
			}
		})
	}
	running.Wait()
	if d := time.Since(began); d > time.Duration(times)*time.Minute {
		t.Errorf("%d times %d runs take %v", times, at, d)
	}
}

// Its file is that of the documented packets, with the earlier browser's.
func TestExactFile(t *testing.T) {
	dir := t.TempDir()
	var files [2][]byte
	for i, args := range [][]string{{"run", "--exact"}, {"replay"}} {
		name := filepath.Join(dir, args[0])
		printed(t, append(args, "-w", name)...)
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) || len(files[0]) < 34*16 {
		t.Errorf("the file of a run has %d bytes, that of a replay %d, and they differ", len(files[0]), len(files[1]))
	}
}

// On the stack in user space the first run has all, whatever else the machine does:
// its clock waits for who is late.
func TestRunUnderLoadInUserSpace(t *testing.T) {
	underLoad(t)
	for i := range 8 {
		var r report
		if out := printed(t, "run", "--json", "--stage", "userspace"); json.Unmarshal([]byte(out), &r) != nil || r.Packets != 19 || r.Extra != 0 {
			t.Fatalf("run %d: %+v", i+1, r)
		}
	}
}
