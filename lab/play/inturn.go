package play

import (
	"net"
	"time"
)

// inTurn gives connections on which one segment is on its way at a time: a Write
// returns when it is acknowledged.
//
// What the server writes to two browsers goes through two connections, between
// which TCP keeps no order. As a rule a kernel delivers on loopback before the
// write returns, but with its processors busy it leaves that to a thread of its
// own (ksoftirqd), and the second browser's segment may pass the first one's
// acknowledgement. The server of 2014 had a machine for itself.
//
// On a stage in user space nothing can pass, and there is nothing to ask.
type inTurn struct{ net.Listener }

func (l inTurn) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if q, ok := c.(queue); ok {
		return turnConn{c, q}, nil
	}
	return c, nil
}

// queue is a connection that knows how many bytes are on their way.
type queue interface{ Unacknowledged() (int, error) }

// turnConn hides the socket below it, which would let a server write past it.
type turnConn struct {
	net.Conn
	queue queue
}

// glance is the time between two looks at the queue, of which there is no news.
const glance = 20 * time.Microsecond

func (c turnConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	for end := time.Now().Add(patience); err == nil && time.Now().Before(end); time.Sleep(glance) {
		if left, e := c.queue.Unacknowledged(); left == 0 || e != nil {
			break
		}
	}
	return n, err
}
