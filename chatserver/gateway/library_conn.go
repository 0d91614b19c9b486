package gateway

import (
	"bufio"
	"net"
)

// libraryConn is the connection as coder/websocket sees it. The library writes only
// control frames to it, each with one Write, since its buffer is larger than any.
type libraryConn struct {
	net.Conn
	s *Session
}

// Read is called when all that had come is handled.
func (c *libraryConn) Read(p []byte) (int, error) {
	c.s.flushFanouts()
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.s.markRead()
	}
	return n, err
}

func (c *libraryConn) Write(p []byte) (int, error) {
	c.s.out.sendControl(p)
	return len(p), nil
}

// Close ends reading. Session.finish does the rest.
func (c *libraryConn) Close() error { return c.Conn.SetReadDeadline(past) }

// Sizes of coder/websocket's buffers, in bytes.
const (
	readBuffer  = 2048 // a dozen short messages
	writeBuffer = 160  // more than the longest control frame, 127 (RFC 6455 §5.5)
)

func (c *libraryConn) buffers(r *bufio.Reader) *bufio.ReadWriter {
	return bufio.NewReadWriter(r, bufio.NewWriterSize(c, writeBuffer))
}
