package stage

import (
	"net"

	"golang.org/x/sys/unix"
)

// quietListener gives connections on which nothing probes whether the other side
// is still there: on a stage it is, and in the half minutes that a person thinks
// only what was said is to be on the wire. (Go's own default probes after 15 s.)
type quietListener struct{ *net.TCPListener }

func (l quietListener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	if err := c.SetKeepAlive(false); err != nil {
		c.Close()
		return nil, err
	}
	return quietConn{c}, nil
}

// quietConn stays quiet, whatever the server that has it asks for.
type quietConn struct{ *net.TCPConn }

func (quietConn) SetKeepAlive(bool) error                      { return nil }
func (quietConn) SetKeepAliveConfig(net.KeepAliveConfig) error { return nil }

// Unacknowledged gives how many bytes were written that the other side has not
// acknowledged (SIOCOUTQ in tcp(7)).
func (c quietConn) Unacknowledged() (n int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	if e := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }); e != nil {
		return 0, e
	}
	return n, err
}
