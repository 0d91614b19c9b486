package stage

import (
	"context"
	"sync"
	"time"
)

// stillness tells when all is still on a virtual stage: no packet is under way, and
// whoever takes part waits for one. What takes part is a connection, a listener or a
// capture, with the goroutine that uses it.
type stillness struct {
	mu      sync.Mutex
	parts   map[part]struct{}
	drains  []func()
	moves   uint64        // counts what happened
	changed chan struct{} // closed at the next move
}

// part is something that takes part.
type part interface {
	// busy reports whether something will still happen without the clock moving.
	busy() bool
}

func (s *stillness) init() {
	s.parts = make(map[part]struct{})
	s.changed = make(chan struct{})
}

// join says that p takes part. A nil s is that of a stage in real time, and its
// methods do nothing.
func (s *stillness) join(p part) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.parts[p] = struct{}{}
	s.mu.Unlock()
	s.move()
}

func (s *stillness) leave(p part) {
	if s == nil {
		return
	}
	s.mu.Lock()
	delete(s.parts, p)
	s.mu.Unlock()
	s.move()
}

// move says that something happened.
func (s *stillness) move() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moves++
	close(s.changed)
	s.changed = make(chan struct{})
}

// look gives how many moves there were, and what is closed at the next.
func (s *stillness) look() (uint64, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moves, s.changed
}

func (s *stillness) busy() bool {
	s.mu.Lock()
	parts := make([]part, 0, len(s.parts))
	for p := range s.parts {
		parts = append(parts, p)
	}
	s.mu.Unlock()
	for _, p := range parts {
		if p.busy() {
			return true
		}
	}
	return false
}

// lookAgain is when a part is asked again that did not say that it has come to rest:
// one whose send buffer has just become full.
const lookAgain = time.Millisecond

// wait returns when all is still, or when done is closed: then ended is true.
func (s *stillness) wait(ctx context.Context, done <-chan struct{}) (ended bool, err error) {
	again := time.NewTimer(lookAgain)
	defer again.Stop()
	for {
		moves, changed := s.look()
		for _, drain := range s.drains {
			drain()
		}
		if busy := s.busy(); !busy {
			if now, _ := s.look(); now == moves {
				select {
				case <-done:
					return true, nil
				default:
					return false, ctx.Err()
				}
			}
			continue
		}
		again.Reset(lookAgain)
		select {
		case <-changed:
		case <-again.C:
		case <-done:
			return true, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
