package gateway

import (
	"net"
	"time"
)

// Keepalive probes find peers that vanished without a FIN or a reset. A host that
// vanished is found after 15 + 3·4 = 27 seconds.
//
// A peer on this machine cannot vanish so, as the kernel closes what a process
// leaves open. There the first probe comes after 45 seconds of silence, so that no
// probe falls into the pauses of half a minute in the documented capture. (Go's own
// default would send one after 15.)
var (
	keepAliveRemote = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 4 * time.Second, Count: 3}
	keepAliveLocal  = net.KeepAliveConfig{Enable: true, Idle: 45 * time.Second, Interval: 5 * time.Second, Count: 3}
)

// detectDeadPeer makes the kernel find out when the peer has vanished.
func detectDeadPeer(conn net.Conn) {
	if c, ok := conn.(interface {
		SetKeepAliveConfig(net.KeepAliveConfig) error
	}); ok {
		c.SetKeepAliveConfig(keepAlive(conn.LocalAddr(), conn.RemoteAddr()))
	}
	setUserTimeout(conn)
}

// keepAlive returns the configuration for a connection between these addresses.
func keepAlive(local, remote net.Addr) net.KeepAliveConfig {
	l, ok := local.(*net.TCPAddr)
	r, k := remote.(*net.TCPAddr)
	if ok && k && (l.IP.Equal(r.IP) || r.IP.IsLoopback()) {
		return keepAliveLocal
	}
	return keepAliveRemote
}
