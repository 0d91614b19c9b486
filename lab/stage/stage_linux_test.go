package stage

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

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

// What a peer has no room for is on its way, and known to be.
func TestUnacknowledged(t *testing.T) {
	s := open(t, Namespace)
	l, err := s.Listen(7272)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
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
		n, err := c.(quietConn).Unacknowledged()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left(); n != 0 {
		t.Errorf("%d bytes on their way before the first", n)
	}
	c.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	sent, err := c.Write(make([]byte, 16<<20))
	if !errors.Is(err, os.ErrDeadlineExceeded) || left() == 0 {
		t.Fatalf("%d sent, %v, %d of them on their way", sent, err, left())
	}
	if _, err := io.ReadFull(peer, make([]byte, sent)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); left() > 0; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d bytes on their way after all was read", left())
		}
	}
}
