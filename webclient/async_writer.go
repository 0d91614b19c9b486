package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// asyncWriter writes lines to w without blocking: a stopped terminal must not stop
// the page. One line is written at a time. Lines that come meanwhile are lost, and
// the next one says how many.
type asyncWriter struct {
	w io.Writer

	mu   sync.Mutex
	busy bool
	lost int
}

// Write implements io.Writer.
func (w *asyncWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy {
		w.lost++
		return len(line), nil
	}
	text := bytes.Clone(line)
	if w.lost > 0 {
		text = fmt.Appendf(nil, "webclient: lines lost before this one: %d\n%s", w.lost, line)
	}
	w.busy, w.lost = true, 0
	go func() {
		w.w.Write(text)
		w.mu.Lock()
		w.busy = false
		w.mu.Unlock()
	}()
	return len(line), nil
}
