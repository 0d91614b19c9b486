package play

import (
	"net"
	"time"
)

// stopAndWait accepts connections on which one segment is in flight at a time: a
// Write returns when its bytes are acknowledged.
//
// What the server writes to two browsers goes through two connections, between
// which TCP keeps no order. As a rule a kernel delivers on loopback before the
// write returns. With its processors busy it leaves that to a thread of its own
// (ksoftirqd), and the second browser's segment may overtake the first one's
// acknowledgement. The server of 2014 had a machine for itself.
//
// On the userspace stage a Write does so by itself.
type stopAndWait struct{ net.Listener }

func (l stopAndWait) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if q, ok := c.(unacknowledger); ok {
		return stopAndWaitConn{q, q}, nil
	}
	return c, nil
}

// unacknowledger is a connection that knows how many bytes are in flight.
type unacknowledger interface {
	net.Conn
	Unacknowledged() (int, error)
	CloseWrite() error
}

// stopAndWaitConn does not embed the socket: the server would write to that directly
// (syscall.Conn).
type stopAndWaitConn struct {
	net.Conn
	socket unacknowledger
}

// pollInterval is how often the socket is asked. The kernel does not notify of
// acknowledgements.
const pollInterval = 20 * time.Microsecond

// CloseWrite lets the server send its FIN and go on reading, as without this type.
func (c stopAndWaitConn) CloseWrite() error { return c.socket.CloseWrite() }

func (c stopAndWaitConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	for end := time.Now().Add(overdueTime); err == nil && time.Now().Before(end); time.Sleep(pollInterval) {
		if left, e := c.socket.Unacknowledged(); left == 0 || e != nil {
			break
		}
	}
	return n, err
}
