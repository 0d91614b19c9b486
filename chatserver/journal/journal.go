// Package journal stands between those who serve and what they say on the way, a
// log above all. A terminal that is stopped (Ctrl-S) and a pipe that nobody
// reads make whoever writes to them wait, for as long as they like; a journal
// makes nobody wait.
package journal

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// maxWaiting is how many bytes wait for a slow reader: some two thousand lines.
const maxWaiting = 256 << 10

// Journal is an io.Writer that never waits and never fails. What is written to it
// is handed on, line by line, by one goroutine, which is there while there is
// something to do. Lines that find no room, and those that the writer below
// refuses, are lost; how many is said in their place, as soon as it takes
// something again.
type Journal struct {
	w io.Writer

	mu      sync.Mutex
	waiting []byte        // whole lines
	lost    int           // lines for which there was no room behind these
	busy    chan struct{} // closed when all is written; nil: it is

	// What follows is the goroutine's.
	untold int  // lost lines that are not said yet
	torn   bool // of the last line a part was written
}

// New makes a journal that writes to w.
func New(w io.Writer) *Journal { return &Journal{w: w} }

// Write takes lines, whole ones.
func (j *Journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	// Behind a lost line none is taken before it is counted, or the count would
	// stand in the wrong place. One line has room however long it is.
	if j.lost > 0 || len(j.waiting) > 0 && len(j.waiting)+len(p) > maxWaiting {
		j.lost += max(1, bytes.Count(p, newline))
		return len(p), nil
	}
	j.waiting = append(j.waiting, p...)
	if j.busy == nil {
		j.busy = make(chan struct{})
		go j.run()
	}
	return len(p), nil
}

// Flush gives what waits d to be written. What is not by then is left to itself.
func (j *Journal) Flush(d time.Duration) {
	j.mu.Lock()
	busy := j.busy
	j.mu.Unlock()
	if busy == nil {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-busy:
	case <-t.C:
	}
}

var newline = []byte("\n")

// run writes what waits.
func (j *Journal) run() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(j.waiting) > 0 || j.lost > 0 {
		lines, lost := j.waiting, j.lost
		j.waiting, j.lost = nil, 0
		j.mu.Unlock()
		for line := range bytes.Lines(lines) {
			if !j.told() || !j.put(line) {
				j.untold++
			}
		}
		j.untold += lost
		j.told()
		j.mu.Lock()
	}
	close(j.busy)
	j.busy = nil
}

// told says how many lines were lost, and reports whether there are none of which
// that is still to be said.
func (j *Journal) told() bool {
	if j.untold == 0 {
		return true
	}
	what := "log lines were lost"
	if j.untold == 1 {
		what = "log line was lost"
	}
	var line bytes.Buffer
	slog.New(slog.NewTextHandler(&line, nil)).Warn(fmt.Sprintf("%d %s: what reads the log did not keep up, or went away", j.untold, what))
	if !j.put(line.Bytes()) {
		return false
	}
	j.untold = 0
	return true
}

// put writes a line, and reports whether it is written.
func (j *Journal) put(line []byte) bool {
	if j.torn {
		line = append([]byte("\n"), line...)
	}
	n, err := j.w.Write(line)
	if n > 0 {
		j.torn = n < len(line)
	}
	return err == nil
}
