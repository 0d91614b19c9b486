package gateway

import (
	"errors"
	"net"
	"os"
	"time"
)

// deadlineWriter is the nonblockingWriter for connections that are no Unix
// sockets, such as those of a TCP/IP stack in user space. It may wait for
// maxWriteWait, once for each time that a client falls behind.
type deadlineWriter struct{ conn net.Conn }

const maxWriteWait = 5 * time.Millisecond

func (w *deadlineWriter) write(p []byte) (n int, err error) {
	// On a busy machine the deadline can pass before the connection is tried. That
	// does not make the client slow, so it is tried once more.
	for range 2 {
		w.conn.SetWriteDeadline(time.Now().Add(maxWriteWait))
		if n, err = w.conn.Write(p); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	w.conn.SetWriteDeadline(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}
