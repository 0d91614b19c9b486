package stage

import (
	"io"
	"net"
	"sync"
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

// relayedConn is a relayed connection, which is made of two.
type relayedConn struct {
	client *net.TCPConn // with the browser
	inside halfCloser   // with the server, inside the stage
}

// relay copies in both directions until both have ended.
func (p *relayedConn) relay() {
	var back sync.WaitGroup
	back.Go(func() { p.copyOneWay(p.client, p.inside) })
	p.copyOneWay(p.inside, p.client)
	back.Wait()
	// After both FINs there is nothing left to reset.
	p.client.Close()
	p.inside.Close()
}

// copyOneWay copies until src ends with a FIN, and then sends one to dst. If one side
// fails, both are reset, as if browser and server were connected directly.
func (p *relayedConn) copyOneWay(dst, src halfCloser) {
	b := make([]byte, relayBuffer)
	for {
		n, err := src.Read(b)
		if n > 0 {
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
	p.inside.Close() // Stage.Dial: closing resets
}

// resetConn closes c with a reset.
func resetConn(c *net.TCPConn) {
	// If it fails, Close sends a FIN instead.
	_ = c.SetLinger(0)
	c.Close()
}
