package gateway

import "sync"

// Formats is how many payloads a Post has: what one event is to clients of
// different dialects.
const Formats = 2

// Post is one event on its way: a text message to some sessions.
type Post struct {
	// First gets it before the others, if it is not nil. It must be among To,
	// unless To is empty.
	First *Session
	// To get it in this order, First not a second time. The slice must not change
	// any more.
	To []*Session
	// Payload is the message, by the sessions' format (Session.SetFormat). An
	// empty one is not sent.
	Payload [Formats][]byte
}

// Lane delivers posts in order, and each to its sessions in order: whatever a
// session hears, the Post's First has been written it before.
//
// A post that finds nothing waiting is written at once, one message a write, and
// so a segment of its own, to each session. Posts that come while others are
// being written wait, and go out together: to each session with one system call.
// The frames are made once, into one buffer that all sessions are written from.
//
// A session must not be in posts of two lanes that wait at the same time, or it
// hears them in any order: see Sync.
type Lane struct {
	mu      sync.Mutex
	moved   sync.Cond // busy, batches or waiting has changed
	waiting batch
	spare   batch
	busy    bool   // somebody writes
	batches uint64 // written so far
}

// maxWaiting is how many bytes of frames wait in a lane before those who post are
// made to wait: what they send is then not read, and they slow down.
const maxWaiting = 256 << 10

// NewLane makes a lane.
func NewLane() *Lane {
	l := &Lane{}
	l.moved.L = &l.mu
	return l
}

// Post adds posts that belong together, as what one message made. It never
// waits, and copies the payloads. Flush must follow.
func (l *Lane) Post(posts ...Post) {
	l.mu.Lock()
	for i := range posts {
		l.waiting.add(&posts[i])
	}
	l.waiting.deeds++
	l.mu.Unlock()
}

// Flush writes what waits, unless somebody else is at it, who will. While too
// much waits, it does.
func (l *Lane) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.busy {
		if len(l.waiting.posts) == 0 {
			return
		}
		l.busy = true
		l.write()
		if len(l.waiting.posts) > 0 {
			// Whoever called has a client of its own to read from.
			go l.run()
			return
		}
		l.rest()
		return
	}
	for l.busy && l.waiting.size() > maxWaiting {
		l.moved.Wait()
	}
}

// Sync waits until all that has been posted is written, or queued for those who
// are slow.
func (l *Lane) Sync() {
	l.Flush()
	l.mu.Lock()
	defer l.mu.Unlock()
	// What waits now goes with the next batch, what is being written is the one
	// before that.
	target := l.batches
	if l.busy {
		target++
	}
	if len(l.waiting.posts) > 0 {
		target++
	}
	for l.busy && l.batches < target {
		l.moved.Wait()
	}
}

func (l *Lane) run() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting.posts) > 0 {
		l.write()
	}
	l.rest()
}

// rest must be called with mu held.
func (l *Lane) rest() {
	l.busy = false
	l.moved.Broadcast()
}

// write writes what waits. It must be called with mu held, and gives it up while
// it writes.
func (l *Lane) write() {
	b := l.waiting
	l.waiting, l.spare = l.spare, batch{}
	l.mu.Unlock()
	b.write()
	b.reset()
	l.mu.Lock()
	l.spare = b
	l.batches++
	l.moved.Broadcast()
}
