package play

import (
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// socket is a connection whose other side takes its time to acknowledge.
type socket struct {
	net.Conn
	delay time.Duration
	acked time.Time
	err   error
}

func (s *socket) Write(b []byte) (int, error) {
	s.acked = time.Now().Add(s.delay)
	return len(b), nil
}

func (s *socket) CloseWrite() error { return nil }

func (s *socket) Unacknowledged() (int, error) {
	if time.Now().Before(s.acked) {
		return 1, s.err
	}
	return 0, s.err
}

type listener struct {
	net.Listener
	c net.Conn
}

func (l listener) Accept() (net.Conn, error) { return l.c, nil }

// A write ends with its acknowledgement; for one that does not come, or that
// cannot be asked for, it does not wait for ever.
func TestWriteWaitsForTheAcknowledgement(t *testing.T) {
	for _, tt := range []struct {
		name     string
		conn     socket
		min, max time.Duration
	}{
		{"at once", socket{}, 0, 0},
		{"late", socket{delay: 40 * time.Millisecond}, 40 * time.Millisecond, 41 * time.Millisecond},
		{"never", socket{delay: time.Hour}, overdueTime, overdueTime + time.Millisecond},
		{"closed", socket{delay: time.Hour, err: os.ErrClosed}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, err := stopAndWait{listener{c: &tt.conn}}.Accept()
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if n, err := c.Write([]byte("text")); n != 4 || err != nil {
					t.Errorf("wrote %d, %v", n, err)
				}
				if d := time.Since(began); d < tt.min || d > tt.max {
					t.Errorf("it took %v, want %v to %v", d, tt.min, tt.max)
				}
			})
		})
	}
}
