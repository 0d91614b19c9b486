package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// watched is a buffer that can be waited on.
type watched struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

func newWatched() *watched { return &watched{changed: make(chan struct{}, 1)} }

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return w.b.Write(b)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// waitFor waits until what was written is so.
func (w *watched) waitFor(t *testing.T, what string, is func(string) bool) {
	t.Helper()
	timeout := time.After(time.Minute)
	for !is(w.String()) {
		select {
		case <-w.changed:
		case <-timeout:
			t.Fatalf("waited for %s; there is %q", what, w.String())
		}
	}
}

func contains(s string) func(string) bool {
	return func(b string) bool { return strings.Contains(b, s) }
}
