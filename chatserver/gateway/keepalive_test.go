package gateway

import (
	"net"
	"testing"
	"time"
)

// A host that is gone is told to the room within 30 seconds; on the machine
// itself no probe stands in the documented capture's pauses.
func TestKeepAlive(t *testing.T) {
	addr := func(ip string) net.Addr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: 7272} }
	for _, tt := range []struct {
		local, remote string
		probes        bool // within the documented pause of 32.1 seconds
	}{
		{"127.0.0.1", "127.0.0.1", false},
		{"::1", "::1", false},
		{"::ffff:127.0.0.1", "127.0.0.1", false},
		{"192.0.2.1", "192.0.2.1", false}, // its own address
		{"192.0.2.1", "192.0.2.2", true},
		{"2001:db8::1", "2001:db8::2", true},
	} {
		c := keepAlive(addr(tt.local), addr(tt.remote))
		found := c.Idle + time.Duration(c.Count)*c.Interval
		if tt.probes && found > 30*time.Second || !tt.probes && c.Idle < 33*time.Second || !c.Enable {
			t.Errorf("%s to %s: %+v", tt.remote, tt.local, c)
		}
	}
}
