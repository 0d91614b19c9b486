package gateway

import (
	"net"
	"time"
)

// keepAlive asks the kernel to find peers that are gone without a word. It lets
// pass 45 seconds of silence first, so that nothing but the chat's own segments
// is on the wire while a lesson's half minutes between two deeds go by. (Go's own
// default would send a probe after 15.)
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 45 * time.Second, Interval: 5 * time.Second, Count: 3}

func tune(conn net.Conn) {
	if c, ok := conn.(interface {
		SetKeepAliveConfig(net.KeepAliveConfig) error
	}); ok {
		c.SetKeepAliveConfig(keepAlive)
	}
	setUserTimeout(conn)
}
