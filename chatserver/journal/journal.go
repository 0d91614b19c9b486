// Package journal makes writing a log non-blocking. A stopped terminal (Ctrl-S)
// and a pipe that nobody reads block whoever writes to them, for as long as they
// like. A server must not stop for that.
package journal

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// maxQueued is how many bytes are queued for a slow reader: some two thousand lines.
const maxQueued = 256 << 10

// Journal is an io.Writer that never blocks and never fails. A goroutine writes
// what is queued, line by line, and ends when the queue is empty. Lines for which
// the queue has no room, and those that the underlying writer refuses, are lost. A
// line in their place says how many, as soon as the writer takes something again.
type Journal struct {
	w io.Writer

	mu    sync.Mutex
	queue []byte        // whole lines
	lost  int           // lines for which the queue had no room, behind it
	busy  chan struct{} // closed when all is written; nil: it is

	// Used only by the goroutine.
	unreported int  // lost lines that no line tells of yet
	partial    bool // a part of the last line was written
}

// New makes a journal that writes to w.
func New(w io.Writer) *Journal { return &Journal{w: w} }

// Write queues whole lines.
func (j *Journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	// Behind a lost line none is queued before the loss is reported, or the report
	// would stand in the wrong place. An empty queue has room for any line.
	if j.lost > 0 || len(j.queue) > 0 && len(j.queue)+len(p) > maxQueued {
		j.lost += max(1, bytes.Count(p, newline))
		return len(p), nil
	}
	j.queue = append(j.queue, p...)
	if j.busy == nil {
		j.busy = make(chan struct{})
		go j.drain()
	}
	return len(p), nil
}

// Flush waits until the queue is written, but no longer than d.
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

// drain writes the queue until it is empty.
func (j *Journal) drain() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(j.queue) > 0 || j.lost > 0 {
		lines, lost := j.queue, j.lost
		j.queue, j.lost = nil, 0
		j.mu.Unlock()
		for line := range bytes.Lines(lines) {
			if !j.reportLost() || !j.writeLine(line) {
				j.unreported++
			}
		}
		j.unreported += lost
		j.reportLost()
		j.mu.Lock()
	}
	close(j.busy)
	j.busy = nil
}

// reportLost writes how many lines were lost, if any. It reports false if that
// could not be written.
func (j *Journal) reportLost() bool {
	if j.unreported == 0 {
		return true
	}
	what := "log lines were lost"
	if j.unreported == 1 {
		what = "log line was lost"
	}
	var line bytes.Buffer
	slog.New(slog.NewTextHandler(&line, nil)).Warn(fmt.Sprintf("%d %s: what reads the log did not keep up, or went away", j.unreported, what))
	if !j.writeLine(line.Bytes()) {
		return false
	}
	j.unreported = 0
	return true
}

// writeLine writes a line, and reports whether it is written.
func (j *Journal) writeLine(line []byte) bool {
	if j.partial {
		line = append([]byte("\n"), line...)
	}
	n, err := j.w.Write(line)
	if n > 0 {
		j.partial = n < len(line)
	}
	return err == nil
}
