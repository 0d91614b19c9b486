package stage

import (
	"io"
	"sync"
)

// oneAtATime is what a stack reads its secrets from. It reads whenever it sends, from
// the goroutine that writes, closes or delivers, and no two of them may read at once
// from a source that is only a sequence of numbers.
type oneAtATime struct {
	mu     sync.Mutex
	source io.Reader
}

func (r *oneAtATime) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(b)
}
