package stage

import (
	"context"
	"sync"
	"time"
)

// stillness tells when all is still on a virtual stage: no packet is under way, and
// whoever takes part waits for one.
type stillness struct {
	mu      sync.Mutex
	parts   map[part]struct{}
	unacked map[<-chan struct{}]struct{} // on which somebody waits for an acknowledgement
	moves   uint64                       // counts what happened
	changed chan struct{}                // closed at the next move

	draining sync.Mutex
	drains   []func() // each returns when a stack has handled what was delivered
}

// part takes part: a connection, a listener or a capture, with the goroutine that
// uses it.
type part interface{ state() state }

// state is what a part does.
type state int

const (
	resting state = iota // it waits for a packet
	looking              // it looks at what was captured, and sends nothing
	outside              // its goroutine is not there, and may be anywhere
	active               // something will happen here
)

func (s *stillness) init() {
	s.parts = make(map[part]struct{})
	s.unacked = make(map[<-chan struct{}]struct{})
	s.changed = make(chan struct{})
}

// join says that p takes part. A nil s is that of a stage in real time, and its
// methods do nothing.
func (s *stillness) join(p part) { s.change(func() { s.parts[p] = struct{}{} }) }

func (s *stillness) leave(p part) { s.change(func() { delete(s.parts, p) }) }

// await says that a goroutine waits until acked is closed.
func (s *stillness) await(acked <-chan struct{}) { s.change(func() { s.unacked[acked] = struct{}{} }) }

func (s *stillness) awaited(acked <-chan struct{}) { s.change(func() { delete(s.unacked, acked) }) }

// move says that something happened.
func (s *stillness) move() { s.change(func() {}) }

func (s *stillness) change(change func()) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
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

// watched reports whether anybody captures. Else the order of packets is of no
// interest, and nobody needs to wait for it.
func (s *stillness) watched() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.parts {
		if _, ok := p.(*tap); ok {
			return true
		}
	}
	return false
}

// quiet reports whether nobody will send anything by itself. A goroutine that is
// outside its connection may wait for an acknowledgement on another. With all it
// counts who looks too.
func (s *stillness) quiet(all bool) bool {
	s.mu.Lock()
	parts := make([]part, 0, len(s.parts))
	for p := range s.parts {
		parts = append(parts, p)
	}
	busy := 0
	for acked := range s.unacked {
		select {
		case <-acked:
		default:
			busy--
		}
	}
	s.mu.Unlock()
	for _, p := range parts {
		switch p.state() {
		case active:
			return false
		case looking:
			if all {
				return false
			}
		case outside:
			busy++
		}
	}
	return busy <= 0
}

// drain returns when the stacks have handled what was delivered.
func (s *stillness) drain() {
	s.draining.Lock()
	defer s.draining.Unlock()
	for _, drain := range s.drains {
		drain()
	}
}

// lookAgain is when a part is asked again that did not say that it has come to rest:
// a listener whose last connection was gone before it was accepted.
const lookAgain = time.Millisecond

// wait returns when all is still, or when done is closed: then ended is true. Without
// all, who looks at what was captured may still do so.
func (s *stillness) wait(ctx context.Context, done <-chan struct{}, all bool) (ended bool, err error) {
	again := time.NewTimer(lookAgain)
	defer again.Stop()
	for {
		moves, changed := s.look()
		if !all && !s.watched() {
			return false, ctx.Err()
		}
		s.drain()
		if s.quiet(all) {
			if now, _ := s.look(); now != moves {
				continue
			}
			select {
			case <-done:
				return true, nil
			default:
				return false, ctx.Err()
			}
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
