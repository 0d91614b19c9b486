package stage

import (
	"net"

	"golang.org/x/sys/unix"
)

// noKeepAliveListener accepts connections without keepalive probes. On a stage a
// peer cannot vanish, and no probe is to be captured between what two people write
// half a minute apart. (Go's own default probes after 15 s.)
type noKeepAliveListener struct {
	*net.TCPListener
	prepared *preparedConnections
}

func (l noKeepAliveListener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	if err := c.SetKeepAlive(false); err != nil {
		c.Close()
		return nil, err
	}
	if err := l.prepared.accepted(c); err != nil {
		c.Close()
		return nil, err
	}
	return noKeepAliveConn{c}, nil
}

// noKeepAliveConn ignores the keepalive that a server asks for.
type noKeepAliveConn struct{ *net.TCPConn }

func (noKeepAliveConn) SetKeepAlive(bool) error                      { return nil }
func (noKeepAliveConn) SetKeepAliveConfig(net.KeepAliveConfig) error { return nil }

// Unacknowledged returns how many bytes were written that the peer has not
// acknowledged (SIOCOUTQ in tcp(7)).
func (c noKeepAliveConn) Unacknowledged() (n int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	if e := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }); e != nil {
		return 0, e
	}
	return n, err
}
