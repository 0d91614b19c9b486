package stage

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

func TestMain(m *testing.M) {
	if Broker(os.Args[1:]) {
		// With the race detector an ordinary end sleeps for a second.
		syscall.Exit(0)
	}
	os.Exit(m.Run())
}

func open(t *testing.T, name string) Stage {
	t.Helper()
	s, err := Open(name)
	var unavailable *Unavailable
	if errors.As(err, &unavailable) {
		t.Skipf("%v; allow it, or run as root", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// longest bounds what a test waits for: long enough for a machine that is busy
// with something else.
const longest = time.Minute

// until waits until something of which there is no news is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(longest); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come to it that %s", what)
		}
	}
}

// What is sent between two sockets of a stage is captured there, once.
func TestStagesCarryAndCapture(t *testing.T) {
	for _, name := range Names {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			if s.Name() != name {
				t.Errorf("it is called %s", s.Name())
			}
			packets, err := s.Capture()
			if err != nil {
				t.Fatal(err)
			}
			defer packets.Close()
			l := listening(t, s, 0)
			port := uint16(l.Addr().(*net.TCPAddr).Port)
			client, err := s.Dial(t.Context(), 0, port)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			server, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			if _, err := io.WriteString(client, "over the stage"); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 14)
			if _, err := io.ReadFull(server, b); err != nil || string(b) != "over the stage" {
				t.Fatalf("got %q, %v", b, err)
			}
			var p capture.Packet
			var seg dissect.Segment
			var flags []string
			for seg.Length != len(b) {
				if err := packets.Read(&p); err != nil {
					t.Fatal(err)
				}
				if seg.Decode(&p) == nil && (seg.Src.Port() == port || seg.Dst.Port() == port) {
					flags = append(flags, seg.Flags.String())
				}
			}
			if got := strings.Join(flags, " "); got != "S S. . P." {
				t.Errorf("captured %s", got)
			}
		})
	}
}

func TestOpenUnknown(t *testing.T) {
	if _, err := Open("opera"); err == nil || hint(err) != "" {
		t.Errorf("got %v", err)
	}
}

// hint gives the key of what an error says can be done.
func hint(err error) string {
	var e *catalogue.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Hint.Key()
}
