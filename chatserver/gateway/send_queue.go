package gateway

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// sendQueue is the sending half of a session. While the socket takes all, what is
// sent goes to it directly, in the sender's goroutine, which never waits. What the
// socket does not take is queued. A goroutine writes the queue, and ends when it
// is empty.
//
// The queue is bounded. When it overflows the client is too slow a reader: what is
// queued is dropped, and the client gets the rest of the frame that it has a part
// of, and a Close with 1013.
type sendQueue struct {
	conn   net.Conn
	socket nonblockingWriter
	limit  int // bytes

	mu       sync.Mutex
	queue    []byte // whole frames, but for the first partial bytes
	partial  int    // bytes of queue that are the rest of a frame sent in part
	sending  []byte // what drain writes; it was queue
	sent     int    // bytes of sending that are written
	draining bool
	upgraded bool                 // the handshake is answered with 101
	closed   bool                 // no frame may follow
	overflow bool                 // drain is to drop sending
	broken   bool                 // a write failed
	code     websocket.StatusCode // of the Close frame, if the server closed it
	reason   string               // for which it was closed
	drained  chan struct{}
}

func (q *sendQueue) init(conn net.Conn, limit int) {
	q.conn = conn
	q.limit = limit
	q.socket.init(conn)
}

// send sends whole frames. It never waits.
func (q *sendQueue) send(frames []byte) {
	q.mu.Lock()
	if !q.closed {
		q.writeOrQueue(frames, true)
	}
	q.mu.Unlock()
}

// sendResponse sends the HTTP response to a handshake. Frames may follow if it
// upgrades. If the session was closed meanwhile, a Close frame follows.
func (q *sendQueue) sendResponse(response []byte, upgrades bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case !q.closed:
		q.upgraded = upgrades
		q.writeOrQueue(response, false)
	case upgrades && q.code != 0:
		q.writeOrQueue(appendClose(response, q.code, q.reason), false)
	}
}

// sendControl sends a control frame that coder/websocket made. After a Close frame
// nothing is sent any more (RFC 6455 §5.5.1).
func (q *sendQueue) sendControl(frame []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if frame[0] == finClose {
		q.closed = true
	}
	q.writeOrQueue(frame, true)
}

// close sends a Close frame after all that is queued, if the handshake was
// answered with 101. It reports false if it was closed before.
func (q *sendQueue) close(code websocket.StatusCode, reason string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.closed = true
	q.code, q.reason = code, reason
	if q.upgraded {
		q.writeOrQueue(appendClose(nil, code, reason), true)
	}
	return true
}

// writeOrQueue writes p, or queues what the socket does not take. p is either
// whole frames or a whole response. It must be called with mu held.
func (q *sendQueue) writeOrQueue(p []byte, frames bool) {
	switch {
	case q.broken:
	case !q.draining:
		n, err := q.socket.write(p)
		if err != nil {
			q.broken = true
			return
		}
		if n == len(p) {
			return
		}
		q.partial = len(p) - n
		if frames {
			q.partial = frameEnd(p, 0, n) - n
		}
		q.queue = append(q.queue, p[n:]...)
		q.draining = true
		go q.drain()
	case len(q.queue)+len(q.sending)-q.sent+len(p) > q.limit && !q.overflow && p[0] != finClose:
		q.closeOverflowing()
	default:
		q.queue = append(q.queue, p...)
	}
}

// closeOverflowing closes the queue of a reader that is too slow. It must be
// called with mu held.
func (q *sendQueue) closeOverflowing() {
	q.closed = true
	q.reason = "too slow a reader"
	// The rest of a frame that the client has a part of, then the Close frame.
	q.queue = appendClose(q.queue[:q.partial:q.partial], websocket.StatusTryAgainLater, q.reason)
	// The deadline wakes the goroutine that reads, and drain. If drain is writing
	// nothing yet, it has nothing to drop.
	q.overflow = len(q.sending) > 0
	q.conn.SetDeadline(past)
	if !q.overflow {
		q.conn.SetWriteDeadline(time.Now().Add(flushTime))
	}
}

// frameEnd returns where in b the first frame ends that ends at n or later. A
// frame begins at pos.
func frameEnd(b []byte, pos, n int) int {
	for pos < n {
		pos += nextFrame(b[pos:])
	}
	return pos
}

// drainChunk is how many bytes are written at a time. Between two writes the
// queue's length is counted anew, so that it is known while much is sent.
const drainChunk = 64 << 10

// drain writes the queue until it is empty.
func (q *sendQueue) drain() {
	q.mu.Lock()
	for len(q.queue) > 0 && !q.broken {
		q.sending, q.queue, q.sent = q.queue, nil, 0
		head := q.partial
		q.partial = 0
		for q.sent < len(q.sending) && !q.broken && !q.overflow {
			chunk := q.sending[q.sent:min(len(q.sending), q.sent+drainChunk)]
			q.mu.Unlock()
			n, err := q.conn.Write(chunk)
			q.mu.Lock()
			q.sent += n
			if err != nil && !(q.overflow && errors.Is(err, os.ErrDeadlineExceeded)) {
				q.broken = true
			}
		}
		if q.overflow {
			// The rest of the frame that was begun, then the Close frame.
			rest := q.sending[q.sent:frameEnd(q.sending, head, q.sent)]
			q.queue = append(rest[:len(rest):len(rest)], q.queue...)
			q.overflow = false
			q.conn.SetWriteDeadline(time.Now().Add(flushTime))
		}
	}
	q.draining = false
	q.sending, q.queue = nil, nil
	if q.drained != nil {
		close(q.drained)
	}
	q.mu.Unlock()
}

// flush waits until the queue is empty, but no longer than d. Nothing can be sent
// after it.
func (q *sendQueue) flush(d time.Duration) {
	q.mu.Lock()
	q.closed = true
	if !q.draining {
		q.mu.Unlock()
		return
	}
	if !q.overflow { // else drain sets the deadline
		q.conn.SetWriteDeadline(time.Now().Add(d))
	}
	done := make(chan struct{})
	q.drained = done
	q.mu.Unlock()
	<-done
}

// closeReason returns whether no more may be sent, and the reason if the server
// closed the session.
func (q *sendQueue) closeReason() (bool, string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed, q.reason
}
