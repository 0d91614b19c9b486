package gateway

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// outbox is the sending half of a session. While the socket takes all, what is
// sent goes to it directly, in the sender's goroutine, which is never made to
// wait. What the socket does not take waits in a queue, which a goroutine of its
// own empties; that ends with the queue.
//
// The queue is bounded. When it is full, what waits is given up, and the client
// gets, after the rest of the frame that it has a part of, a Close with 1013.
type outbox struct {
	conn  net.Conn
	try   trier
	limit int // bytes

	mu       sync.Mutex
	queue    []byte // what waits, whole frames but for the first head bytes
	head     int    // bytes of queue that belong to a frame sent in part
	taken    []byte // what drain sends, as queue was
	sent     int    // bytes of taken that are sent
	draining bool
	upgraded bool   // the handshake is answered with 101
	closed   bool   // no frame may follow
	overflow bool   // drain is to give up taken
	broken   bool   // the socket takes nothing any more
	why      string // it was closed
	drained  chan struct{}
}

func (o *outbox) init(conn net.Conn, limit int) {
	o.conn = conn
	o.limit = limit
	o.try.init(conn)
}

// send sends whole frames. It never waits.
func (o *outbox) send(frames []byte) {
	o.mu.Lock()
	if !o.closed {
		o.write(frames, true)
	}
	o.mu.Unlock()
}

// sendHead sends the answer to a handshake, which is no frame. Frames may follow
// if it upgrades.
func (o *outbox) sendHead(head []byte, upgrades bool) {
	o.mu.Lock()
	if !o.closed {
		o.upgraded = upgrades
		o.write(head, false)
	}
	o.mu.Unlock()
}

// control sends a control frame of coder/websocket's. After a Close frame
// nothing is sent any more.
func (o *outbox) control(frame []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	if frame[0] == finClose {
		o.closed = true
	}
	o.write(frame, true)
}

// close sends a Close frame after all that waits, if there was a handshake. It reports false if nothing
// may be sent any more.
func (o *outbox) close(code CloseCode, reason string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	o.closed = true
	o.why = reason
	if o.upgraded {
		o.write(appendClose(nil, code, reason), true)
	}
	return true
}

// write sends or queues p, which is frames or else one whole. It must be called
// with mu held.
func (o *outbox) write(p []byte, frames bool) {
	switch {
	case o.broken:
	case !o.draining:
		n, err := o.try.write(p)
		if err != nil {
			o.broken = true
			return
		}
		if n == len(p) {
			return
		}
		o.head = len(p) - n
		if frames {
			o.head = boundary(p, 0, n) - n
		}
		o.queue = append(o.queue, p[n:]...)
		o.draining = true
		go o.drain()
	case len(o.queue)+len(o.taken)-o.sent+len(p) > o.limit && !o.overflow && p[0] != finClose:
		o.closed = true
		o.why = "too slow a reader"
		// The rest of a frame that the client has a part of, then the Close frame.
		o.queue = appendClose(o.queue[:o.head:o.head], CloseTryLater, o.why)
		// Both the goroutine that reads and the drain wake up. A drain that has
		// not taken anything yet has nothing to give up.
		o.overflow = len(o.taken) > 0
		o.conn.SetDeadline(past)
		if !o.overflow {
			o.conn.SetWriteDeadline(time.Now().Add(flushTime))
		}
	default:
		o.queue = append(o.queue, p...)
	}
}

// boundary returns where in b the first frame ends that ends at n or later, if
// one begins at pos.
func boundary(b []byte, pos, n int) int {
	for pos < n {
		pos += nextFrame(b[pos:])
	}
	return pos
}

// drainChunk is how much is given to the socket at a time, so that the queue's
// length is known while it is sent.
const drainChunk = 64 << 10

func (o *outbox) drain() {
	o.mu.Lock()
	for len(o.queue) > 0 && !o.broken {
		o.taken, o.queue, o.sent = o.queue, nil, 0
		head := o.head
		o.head = 0
		for o.sent < len(o.taken) && !o.broken && !o.overflow {
			chunk := o.taken[o.sent:min(len(o.taken), o.sent+drainChunk)]
			o.mu.Unlock()
			n, err := o.conn.Write(chunk)
			o.mu.Lock()
			o.sent += n
			if err != nil && !(o.overflow && errors.Is(err, os.ErrDeadlineExceeded)) {
				o.broken = true
			}
		}
		if o.overflow {
			// The rest of the frame that was begun, then the Close frame.
			rest := o.taken[o.sent:boundary(o.taken, head, o.sent)]
			o.queue = append(rest[:len(rest):len(rest)], o.queue...)
			o.overflow = false
			o.conn.SetWriteDeadline(time.Now().Add(flushTime))
		}
	}
	o.draining = false
	o.taken, o.queue = nil, nil
	if o.drained != nil {
		close(o.drained)
	}
	o.mu.Unlock()
}

// flush waits until all is sent, or the time is over. Nothing can be sent after
// it.
func (o *outbox) flush(d time.Duration) {
	o.mu.Lock()
	o.closed = true
	if !o.draining {
		o.mu.Unlock()
		return
	}
	if !o.overflow { // else drain sets the time
		o.conn.SetWriteDeadline(time.Now().Add(d))
	}
	done := make(chan struct{})
	o.drained = done
	o.mu.Unlock()
	<-done
}

// closedFor returns whether the server closed the session, or refuses to send
// more, and why.
func (o *outbox) closedFor() (bool, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed, o.why
}
