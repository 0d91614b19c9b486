package stage

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// relayBuffer is the buffer for each direction, in bytes. Nothing else is kept for a
// slow reader, besides the systems' socket buffers. It is longer than the scenario's
// longest message.
const relayBuffer = 32 << 10

// halfCloser is a TCP connection, which can send a FIN and go on reading.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// resettable is a halfCloser that can be closed with a reset.
type resettable interface {
	halfCloser
	SetLinger(seconds int) error
}

// relayedConn is a relayed connection, which is made of two.
type relayedConn struct {
	client resettable // with the browser
	place  netip.Prefix
	now    func() time.Time
	since  time.Time
	spoke  atomic.Int64 // when the client last sent anything, ns after since; 0: never

	mu     sync.Mutex
	inside halfCloser // with the server, inside the stage; nil: not yet
	over   bool
}

// heard reports whether the client has sent anything.
func (p *relayedConn) heard() bool { return p.spoke.Load() > 0 }

// last is when the client last sent anything, or connected.
func (p *relayedConn) last() time.Time { return p.since.Add(time.Duration(p.spoke.Load())) }

// join adds the connection inside. It reports false if the whole is over meanwhile.
func (p *relayedConn) join(inside halfCloser) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		inside.Close()
		return false
	}
	p.inside = inside
	return true
}

// relay copies in both directions until both have ended.
func (p *relayedConn) relay() {
	var back sync.WaitGroup
	back.Go(func() { p.copyOneWay(p.client, p.inside, func() {}) })
	p.copyOneWay(p.inside, p.client, func() { p.spoke.Store(max(1, int64(p.now().Sub(p.since)))) })
	back.Wait()
	// After both FINs there is nothing left to reset.
	p.client.Close()
	p.inside.Close()
}

// copyOneWay copies until src ends with a FIN, and then sends one to dst. If one side
// fails, both are reset, as if browser and server were connected directly. came is called
// when something has come.
func (p *relayedConn) copyOneWay(dst, src halfCloser, came func()) {
	b := make([]byte, relayBuffer)
	for {
		n, err := src.Read(b)
		if n > 0 {
			came()
			if _, e := dst.Write(b[:n]); e != nil {
				p.reset()
				return
			}
		}
		if err == io.EOF {
			if dst.CloseWrite() != nil {
				p.reset()
			}
			return
		}
		if err != nil {
			p.reset()
			return
		}
	}
}

// reset resets both connections, which ends their reads and writes.
func (p *relayedConn) reset() {
	resetConn(p.client)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.inside != nil {
		p.inside.Close() // Stage.Dial: closing resets
	}
}

// resetConn closes c with a reset.
func resetConn(c resettable) {
	// If it fails, Close sends a FIN instead.
	_ = c.SetLinger(0)
	c.Close()
}
