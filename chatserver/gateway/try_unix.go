//go:build unix

package gateway

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// trier writes as much as the socket takes at once.
type trier struct {
	portable portableTrier
	raw      syscall.RawConn
	attempt  func(fd uintptr) bool // made once, so that a write allocates nothing

	p   []byte
	n   int
	err error
}

func (t *trier) init(conn net.Conn) {
	t.portable.conn = conn
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	t.raw = raw
	t.attempt = func(fd uintptr) bool {
		for {
			t.n, t.err = unix.Write(int(fd), t.p)
			if t.err != unix.EINTR {
				return true // whatever came of it: do not wait
			}
		}
	}
}

// write returns how many bytes the socket took; less than all is no error.
func (t *trier) write(p []byte) (int, error) {
	if t.raw == nil {
		return t.portable.write(p)
	}
	t.p = p
	err := t.raw.Write(t.attempt)
	t.p = nil
	if err != nil {
		return 0, err
	}
	if t.err != nil {
		if errors.Is(t.err, unix.EAGAIN) {
			return 0, nil
		}
		return 0, t.err
	}
	return t.n, nil
}
