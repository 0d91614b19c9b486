package gateway

import (
	"errors"
	"net"
	"os"
	"time"
)

// portableTrier is the trier for connections that are no socket of a Unix
// system, as those of a TCP/IP stack in user space. It may wait for patience,
// once for each time that a client falls behind.
type portableTrier struct{ conn net.Conn }

const patience = 5 * time.Millisecond

func (t *portableTrier) write(p []byte) (n int, err error) {
	// On a machine that is busy the time can be over before the connection is
	// looked at: that does not make a client slow, and it is looked at again.
	for range 2 {
		t.conn.SetWriteDeadline(time.Now().Add(patience))
		if n, err = t.conn.Write(p); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	t.conn.SetWriteDeadline(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}
