package stage

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Two namespaces have the same ports, and do not see each other.
func TestNamespacesAreApart(t *testing.T) {
	a, b := open(t, Namespace), open(t, Namespace)
	for _, s := range []Stage{a, b} {
		listening(t, s, 7272)
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
	if want := fmt.Sprintf("(pid %d)", os.Getpid()); !strings.Contains(err.Error(), want) || hint(err) != "hint.port" {
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

// What a peer has no room for is on its way, and known to be.
func TestUnacknowledged(t *testing.T) {
	s := open(t, Namespace)
	l := listening(t, s, 7272)
	peer, err := s.Dial(t.Context(), 60653, 7272)
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	left := func() int {
		n, err := c.(noKeepAliveConn).Unacknowledged()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 0 {
		t.Errorf("%d bytes on their way before the first", n)
	}
	const size = 16 << 20 // more than the buffers of both ends hold
	written := make(chan error, 1)
	go func() { _, err := c.Write(make([]byte, size)); written <- err }()
	until(t, "something is on its way", func() bool { return left() > 0 })
	select {
	case err := <-written:
		t.Fatalf("all was taken though nobody reads: %v", err)
	default:
	}
	if _, err := io.ReadFull(peer, make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	until(t, "nothing is on its way", func() bool { return left() == 0 })
}
