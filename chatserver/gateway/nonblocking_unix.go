//go:build unix

package gateway

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// nonblockingWriter writes as much as the socket takes at once. It bypasses the
// runtime's poller, which would wait for the rest to fit.
type nonblockingWriter struct {
	fallback  deadlineWriter
	raw       syscall.RawConn
	writeOnce func(fd uintptr) bool // made once, so that a write allocates nothing

	p   []byte
	n   int
	err error
}

func (w *nonblockingWriter) init(conn net.Conn) {
	w.fallback.conn = conn
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	w.raw = raw
	w.writeOnce = func(fd uintptr) bool {
		for {
			w.n, w.err = unix.Write(int(fd), w.p)
			if w.err != unix.EINTR {
				return true // do not wait, not even at EAGAIN
			}
		}
	}
}

// write returns how many bytes the socket took; less than all is no error.
func (w *nonblockingWriter) write(p []byte) (int, error) {
	if w.raw == nil {
		return w.fallback.write(p)
	}
	w.p = p
	err := w.raw.Write(w.writeOnce)
	w.p = nil
	if err != nil {
		return 0, err
	}
	if w.err != nil {
		if errors.Is(w.err, unix.EAGAIN) {
			return 0, nil
		}
		return 0, w.err
	}
	return w.n, nil
}
