package stage

import (
	"io"
	"net"
	"sync"
)

// relayBuffer is how much is passed on at a time, and all that is kept of what a
// slow reader has not taken, besides the systems' own socket buffers. It is more
// than the scenario's longest message.
const relayBuffer = 32 << 10

// halfCloser is a TCP connection: it can say that it sends no more, and go on
// reading.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// relayedPair are the two connections that one relayed connection is made of.
type relayedPair struct {
	client *net.TCPConn // with the browser
	inside halfCloser   // with the server, inside the stage
}

// carry passes bytes on in both directions until both have ended.
func (p *relayedPair) carry() {
	var back sync.WaitGroup
	back.Go(func() { p.pump(p.client, p.inside) })
	p.pump(p.inside, p.client)
	back.Wait()
	// After both FINs there is nothing left to reset.
	p.client.Close()
	p.inside.Close()
}

// pump passes bytes on until src says that there are no more, and that too. If
// one side fails the other learns it as a browser and a server would: by a reset.
func (p *relayedPair) pump(dst, src halfCloser) {
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

// reset resets both connections, and wakes who reads or writes them.
func (p *relayedPair) reset() {
	abort(p.client)
	p.inside.Close() // Stage.Dial: closing resets
}

// abort closes c with a reset.
func abort(c *net.TCPConn) {
	// Without it the connection is closed all the same, only politely.
	_ = c.SetLinger(0)
	c.Close()
}
