package check

import (
	"strings"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// A conversation that is no WebSocket has no frame, whether its packets come in
// order or one of them late, and whatever its bytes look like.
func TestOtherProtocolsHaveNoFrames(t *testing.T) {
	ping := "\x89\x04ping"
	for name, said := range map[string][2]string{
		"ssh":     {"SSH-2.0-OpenSSH_9.2p1\r\n", ""},
		"refused": {"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "HTTP/1.1 403 Forbidden\r\n\r\n"},
		"page":    {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"},
	} {
		for _, swapped := range []bool{false, true} {
			s := checktest.New(t)
			c := s.Conn(60653)
			c.Segment(client, tcp.SYN, "")
			c.Segment(server, tcp.SYN|tcp.ACK, "")
			c.Segment(client, tcp.ACK, "")
			c.Segment(client, tcp.PSH|tcp.ACK, said[0])
			c.Segment(server, tcp.PSH|tcp.ACK, said[1])
			for range 4 {
				c.Segment(server, tcp.PSH|tcp.ACK, ping)
				c.Segment(client, tcp.ACK, "")
				c.Segment(client, tcp.PSH|tcp.ACK, "\x8a\x80\x01\x02\x03\x04")
				c.Segment(server, tcp.ACK, "")
			}
			if n := len(s.Packets); swapped {
				// What is acknowledged before it was captured is given up, and comes.
				for i := n - 8; i < n; i += 2 {
					s.Packets[i], s.Packets[i+1] = s.Packets[i+1], s.Packets[i]
				}
			}
			var check evidence.Capture
			for i := range s.Packets {
				check.Add(&s.Packets[i])
			}
			for _, u := range check.Conversations[0].Units {
				if u.Kind == dissect.FrameUnit {
					t.Errorf("%s, swapped %v: a %v frame at %d", name, swapped, u.Frame.Opcode, u.Start)
				}
			}
			if got := marks(Capture(&check, steps.Task{})); strings.Count(got, "=") > 1 {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}
