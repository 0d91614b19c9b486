package server

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

// In a bubble (testing/synctest) time passes when nobody has anything to do, and
// then at once: what the server does after which time is the same on a machine
// that is busy. Sockets are no part of a bubble; what stands for them is below.

// half is one direction of a connection: what was sent and not yet read.
type half struct {
	mu              sync.Mutex
	changed         *sync.Cond
	b               []byte
	room            int  // bytes that it holds
	ended, gone     bool // nobody writes any more; nobody reads
	readBy, writeBy time.Time
}

func newHalf(room int) *half {
	h := &half{room: room}
	h.changed = sync.NewCond(&h.mu)
	return h
}

// set changes something under the lock, for those who wait to look again.
func (h *half) set(change func()) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
	h.changed.Broadcast()
	return nil
}

// wait waits until is holds, or returns an error when it is too late.
func (h *half) wait(by *time.Time, is func() bool) error {
	for !is() {
		if !by.IsZero() && !time.Now().Before(*by) {
			return os.ErrDeadlineExceeded
		}
		if !by.IsZero() {
			defer time.AfterFunc(time.Until(*by), h.changed.Broadcast).Stop()
		}
		h.changed.Wait()
	}
	return nil
}

// bubbled is one end of a connection in a bubble.
type bubbled struct{ in, out *half }

func (c *bubbled) Read(b []byte) (int, error) {
	h := c.in
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.wait(&h.readBy, func() bool { return len(h.b) > 0 || h.ended || h.gone }); err != nil {
		return 0, err
	}
	if h.gone {
		return 0, net.ErrClosed
	}
	if len(h.b) == 0 {
		return 0, io.EOF
	}
	n := copy(b, h.b)
	h.b = h.b[n:]
	h.changed.Broadcast()
	return n, nil
}

func (c *bubbled) Write(b []byte) (n int, err error) {
	h := c.out
	h.mu.Lock()
	defer h.mu.Unlock()
	for n < len(b) {
		if err := h.wait(&h.writeBy, func() bool { return len(h.b) < h.room || h.ended || h.gone }); err != nil {
			return n, err
		}
		if h.ended {
			return n, net.ErrClosed
		}
		if h.gone {
			return n, syscall.EPIPE
		}
		some := b[n:min(len(b), n+h.room-len(h.b))]
		h.b = append(h.b, some...)
		n += len(some)
		h.changed.Broadcast()
	}
	return n, nil
}

func (c *bubbled) CloseWrite() error { return c.out.set(func() { c.out.ended = true }) }

func (c *bubbled) Close() error {
	c.CloseWrite()
	return c.in.set(func() { c.in.gone = true })
}

func (c *bubbled) SetReadDeadline(t time.Time) error {
	return c.in.set(func() { c.in.readBy = t })
}

func (c *bubbled) SetWriteDeadline(t time.Time) error {
	return c.out.set(func() { c.out.writeBy = t })
}

func (c *bubbled) SetDeadline(t time.Time) error {
	c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

func (c *bubbled) LocalAddr() net.Addr  { return bubble{} }
func (c *bubbled) RemoteAddr() net.Addr { return bubble{} }

type bubble struct{}

func (bubble) Network() string { return "bubble" }
func (bubble) String() string  { return "bubble" }

// dialled is a listener in a bubble.
type dialled struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func listenBubble() *dialled {
	l := &dialled{conns: make(chan net.Conn), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closed) })
	return l
}

func (l *dialled) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *dialled) Close() error {
	l.close()
	return nil
}

func (l *dialled) Addr() net.Addr { return bubble{} }

// connect connects a peer whose connection holds so many bytes in each
// direction. around, if it is not nil, gives the server's end.
func (l *dialled) connect(t *testing.T, room int, around func(net.Conn) net.Conn) *peer {
	t.Helper()
	up, down := newHalf(room), newHalf(room)
	ours, theirs := net.Conn(&bubbled{down, up}), net.Conn(&bubbled{up, down})
	t.Cleanup(func() { ours.Close() })
	if around != nil {
		theirs = around(theirs)
	}
	l.conns <- theirs
	return &peer{t: t, rw: ours, br: bufio.NewReader(ours)}
}

// plenty is more room than a test needs.
const plenty = 1 << 20

// dial connects and shakes hands.
func (l *dialled) dial(t *testing.T) *peer {
	t.Helper()
	c := l.connect(t, plenty, nil)
	c.shakeHands()
	return c
}

func (c *peer) shakeHands() {
	c.t.Helper()
	c.write([]byte(request))
	c.readHead()
}

// serveBubble starts a server in a bubble.
func serveBubble(t *testing.T, opts Options) (l *dialled, stop func() error) {
	return serveMore(t, New(opts))
}

// serveMore gives a server a listener in a bubble. The test's end stops it if
// nobody has.
func serveMore(t *testing.T, s *Server) (l *dialled, stop func() error) {
	l = listenBubble()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	keepUntilEnd(t, "", stop)
	return l, stop
}
