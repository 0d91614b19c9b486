package stage

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/capture"
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
			l, err := s.Listen(0)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
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

// Two namespaces have the same ports, and do not see each other.
func TestNamespacesAreApart(t *testing.T) {
	a, b := open(t, Namespace), open(t, Namespace)
	for _, s := range []Stage{a, b} {
		l, err := s.Listen(7272)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
	}
	if _, err := a.Dial(t.Context(), 60653, 7273); !errors.Is(err, unix.ECONNREFUSED) {
		t.Errorf("connecting where nobody listens: %v", err)
	}
}

func TestHostPortTaken(t *testing.T) {
	s := open(t, Host)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = s.Listen(uint16(port))
	if err == nil {
		t.Fatal("a taken port is taken again")
	}
	if want := fmt.Sprintf("(pid %d)", os.Getpid()); !strings.Contains(err.Error(), want) || Hint(err) != "hint.taken" {
		t.Errorf("got %v, want the holder %s", err, want)
	}
}

func TestClosedStageGivesNoSockets(t *testing.T) {
	s := open(t, Namespace)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Listen(0); err == nil {
		t.Error("a closed stage listens")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestOpenUnknown(t *testing.T) {
	if _, err := Open("opera"); err == nil || Hint(err) != "" {
		t.Errorf("got %v", err)
	}
}
