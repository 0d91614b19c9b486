package capture

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// waiter is how Read waits for the kernel, without allocating.
type waiter struct {
	try     func(fd uintptr) bool // once, for RawConn.Read
	errno   unix.Errno
	netdown bool // the interface is down, and may be gone
	looks   int  // after Stop, at whether the last block has come
}

// netdownPoll is how often we look whether an interface that went down is gone:
// of that there is no news.
const netdownPoll = 100 * time.Millisecond

// lastLooks is how often we look for the last block after Stop. It comes when its
// time is over, unless the machine has no time for that yet.
const lastLooks = 250 // 5 seconds

// allGiven reports whether all that the kernel has put into the ring was read.
func (l *Live) allGiven() bool {
	s := l.Stats()
	return l.ring.given >= s.Received-s.Dropped
}

// wait returns nil when a block is ready.
func (l *Live) wait() error {
	for {
		l.errno = 0
		err := l.conn.Read(l.try)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if l.ring.ready() {
				return nil
			}
			if l.stopped.Load() {
				if l.looks++; l.looks > lastLooks || l.allGiven() {
					return io.EOF
				}
				l.file.SetReadDeadline(time.Now().Add(retireTime))
				continue
			}
			l.file.SetReadDeadline(time.Time{})
		case err != nil:
			return l.errClosed()
		case l.errno == 0:
			l.netdown = false
			return nil
		case l.errno == unix.ENETDOWN:
			l.netdown = true
		default:
			return texts.Error("interface.socket", "interface", l.opt.Interface, "why", l.errno)
		}
		if l.netdown {
			if err := l.stillThere(); err != nil {
				return err
			}
		}
	}
}

// once reports whether the waiting is over: a block is ready, or there is an
// error on the socket.
func (l *Live) once(fd uintptr) bool {
	if l.ring.ready() {
		return true
	}
	// Before the first wait too: an event may have told of a block and an error.
	if n, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR); err == nil && n != 0 {
		l.errno = unix.Errno(n)
		return true
	}
	return false
}

// stillThere is asked while the interface is down: it may come up again, and
// then the capture goes on, as libpcap's does.
func (l *Live) stillThere() error {
	var err error
	if cerr := l.conn.Control(func(fd uintptr) { _, err = ifaceName(int(fd), l.iface.index) }); cerr != nil {
		return l.errClosed()
	}
	if err != nil {
		return about("interface.gone", l.opt.Interface, unix.ENETDOWN)
	}
	if !l.stopped.Load() {
		l.file.SetReadDeadline(time.Now().Add(netdownPoll))
	}
	return nil
}

func (l *Live) errClosed() error {
	return fmt.Errorf("%s: the capture was closed: %w", l.opt.Interface, os.ErrClosed)
}
