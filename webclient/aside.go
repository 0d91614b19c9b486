package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// aside writes lines to w and makes nobody wait for it: a stopped terminal is not
// to stop the page. One line is on its way at a time; those that come meanwhile
// are lost, and the next one says how many.
type aside struct {
	w io.Writer

	mu   sync.Mutex
	busy bool
	lost int
}

// Write implements io.Writer.
func (a *aside) Write(line []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy {
		a.lost++
		return len(line), nil
	}
	text := bytes.Clone(line)
	if a.lost > 0 {
		text = fmt.Appendf(nil, "webclient: lines lost before this one: %d\n%s", a.lost, line)
	}
	a.busy, a.lost = true, 0
	go func() {
		a.w.Write(text)
		a.mu.Lock()
		a.busy = false
		a.mu.Unlock()
	}()
	return len(line), nil
}
