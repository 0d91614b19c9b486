package stage

import (
	"io"
	"sync"
	"sync/atomic"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/waiter"
)

// user is the endpoint of a connection on a virtual stage, as package gonet uses it
// for who reads and writes. It knows whether they wait. Its methods that change
// nothing else do nothing with a nil user, that of a stage in real time.
//
// Who accepted a connection is expected to read from it until it closes it, and to
// do what else it does between two reads. Who dialled may do as it likes: it moves
// the clock itself.
type user struct {
	tcpip.Endpoint
	still    *stillness
	accepted bool

	mu             sync.Mutex
	reader, writer turn
	copies         bool // the reader reads all there is, and does nothing else

	woken atomic.Bool // since the writer last tried
}

func newUser(ep tcpip.Endpoint, queue *waiter.Queue, still *stillness, accepted bool) *user {
	u := &user{Endpoint: ep, still: still, accepted: accepted}
	// The endpoint is ready for a writer as soon as there is any room, and wakes one
	// only when half of its buffer is free (updateSndBufferUsage in gVisor's
	// transport/tcp/endpoint.go).
	room := waiter.NewFunctionEntry(waiter.WritableEvents, func(waiter.EventMask) {
		u.woken.Store(true)
		still.move()
	})
	queue.EventRegister(&room)
	return u
}

// turn is how far a goroutine is that reads or writes.
type turn int

const (
	elsewhere turn = iota
	tries          // it tries to read or to write
	waits          // it could not when it last tried
)

// readable is what a reader who waits is woken by.
const readable = waiter.ReadableEvents | waiter.EventErr | waiter.EventHUp

// state implements part.
func (u *user) state() state {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.writer == tries, u.writer == waits && u.woken.Load(),
		u.reader == tries, u.reader == waits && u.Readiness(readable) != 0,
		u.reader == elsewhere && u.copies:
		return active
	case u.reader == elsewhere && u.accepted:
		return outside
	}
	return resting
}

// Read implements tcpip.Endpoint. It does not wait; who calls it does if there is
// nothing.
func (u *user) Read(w io.Writer, o tcpip.ReadOptions) (tcpip.ReadResult, tcpip.Error) {
	u.set(&u.reader, tries)
	r, err := u.Endpoint.Read(w, o)
	if _, nothing := err.(*tcpip.ErrWouldBlock); nothing {
		u.set(&u.reader, waits)
	}
	return r, err
}

// Write implements tcpip.Endpoint, as Read does.
func (u *user) Write(p tcpip.Payloader, o tcpip.WriteOptions) (int64, tcpip.Error) {
	u.set(&u.writer, tries)
	u.woken.Store(false)
	n, err := u.Endpoint.Write(p, o)
	if _, full := err.(*tcpip.ErrWouldBlock); full {
		u.set(&u.writer, waits)
	}
	return n, err
}

func (u *user) set(who *turn, turn turn) {
	u.mu.Lock()
	*who = turn
	u.mu.Unlock()
	u.still.move()
}

// hasRead says that a Read of the connection returns.
func (u *user) hasRead() {
	if u != nil {
		u.set(&u.reader, elsewhere)
	}
}

// copying says that a goroutine does nothing but read from the connection, or that it
// has ended.
func (u *user) copying(does bool) {
	if u == nil {
		return
	}
	u.mu.Lock()
	u.copies = does
	u.mu.Unlock()
	u.still.move()
}

// hasWritten says that a Write of the connection returns.
func (u *user) hasWritten() {
	if u != nil {
		u.set(&u.writer, elsewhere)
	}
}

// leave says that the connection is closed.
func (u *user) leave() {
	if u != nil {
		u.still.leave(u)
	}
}
