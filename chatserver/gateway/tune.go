package gateway

import (
	"net"
	"time"
)

// Keepalives let the kernel find peers that are gone without a word. A host that
// is gone is found after 15 + 3·4 = 27 seconds.
//
// On this machine no peer goes without a word, for the kernel closes what a
// process leaves open: there, 45 seconds of silence pass first, so that nothing
// but the chat's own segments is on the wire while the half minutes between two
// deeds of the documented capture go by. (Go's own default would send a probe
// after 15.)
var (
	keepAliveHost  = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 4 * time.Second, Count: 3}
	keepAliveLocal = net.KeepAliveConfig{Enable: true, Idle: 45 * time.Second, Interval: 5 * time.Second, Count: 3}
)

func tune(conn net.Conn) {
	if c, ok := conn.(interface {
		SetKeepAliveConfig(net.KeepAliveConfig) error
	}); ok {
		c.SetKeepAliveConfig(keepAlive(conn.LocalAddr(), conn.RemoteAddr()))
	}
	setUserTimeout(conn)
}

// keepAlive gives what suits a connection between these addresses.
func keepAlive(local, remote net.Addr) net.KeepAliveConfig {
	l, ok := local.(*net.TCPAddr)
	r, k := remote.(*net.TCPAddr)
	if ok && k && (l.IP.Equal(r.IP) || r.IP.IsLoopback()) {
		return keepAliveLocal
	}
	return keepAliveHost
}
