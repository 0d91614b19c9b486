package gateway

import "sync"

// Formats is how many payloads a Broadcast has: one for each dialect that clients
// speak.
const Formats = 2

// Broadcast is one event on its way: a text message to some sessions.
type Broadcast struct {
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

// Fanout delivers broadcasts in order, and each to its sessions in order: no
// session gets a broadcast before its First has been written it.
//
// A broadcast that finds the queue empty is written at once, with one write a
// session, and so is one segment to each. Broadcasts that come while others are
// being written are queued. They go out together, with one system call a session.
// Each frame is made once, in a buffer that all sessions are written from.
//
// A session must not be in the queues of two Fanouts at a time, or the order in
// which it gets their broadcasts is undefined. Sync empties a queue.
type Fanout struct {
	mu      sync.Mutex
	changed sync.Cond // writing, batches or pending
	pending batch
	spare   batch
	writing bool   // by some goroutine
	batches uint64 // written so far
}

// maxPending is how many bytes of frames may be pending before Flush waits. While
// it waits, nothing is read from the clients whose messages caused them: that is
// the backpressure on them.
const maxPending = 256 << 10

// NewFanout makes a Fanout with an empty queue.
func NewFanout() *Fanout {
	f := &Fanout{}
	f.changed.L = &f.mu
	return f
}

// Enqueue adds broadcasts that belong together, such as those that one message
// causes. It never waits, and copies the payloads. A call of Flush must follow.
func (f *Fanout) Enqueue(broadcasts ...Broadcast) {
	f.mu.Lock()
	for i := range broadcasts {
		f.pending.add(&broadcasts[i])
	}
	f.pending.enqueues++
	f.mu.Unlock()
}

// Flush writes what is pending, unless another goroutine is writing: that one
// will. In this case Flush waits while more than maxPending bytes are pending.
func (f *Fanout) Flush() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.writing {
		if len(f.pending.broadcasts) == 0 {
			return
		}
		f.writing = true
		f.writeBatch()
		if len(f.pending.broadcasts) > 0 {
			// The caller has a client of its own to read from.
			go f.drain()
			return
		}
		f.idle()
		return
	}
	for f.writing && f.pending.size() > maxPending {
		f.changed.Wait()
	}
}

// Sync waits until all that has been enqueued is written, or is in the send
// queues of slow readers.
func (f *Fanout) Sync() {
	f.Flush()
	f.mu.Lock()
	defer f.mu.Unlock()
	// What is pending now goes with the next batch. What is being written is the
	// batch before that.
	target := f.batches
	if f.writing {
		target++
	}
	if len(f.pending.broadcasts) > 0 {
		target++
	}
	for f.writing && f.batches < target {
		f.changed.Wait()
	}
}

// drain writes batches until nothing is pending.
func (f *Fanout) drain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.pending.broadcasts) > 0 {
		f.writeBatch()
	}
	f.idle()
}

// idle ends writing. It must be called with mu held.
func (f *Fanout) idle() {
	f.writing = false
	f.changed.Broadcast()
}

// writeBatch writes what is pending. It must be called with mu held, which it
// unlocks while it writes.
func (f *Fanout) writeBatch() {
	b := f.pending
	f.pending, f.spare = f.spare, batch{}
	f.mu.Unlock()
	b.write()
	b.reset()
	f.mu.Lock()
	f.spare = b
	f.batches++
	f.changed.Broadcast()
}
