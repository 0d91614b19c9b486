package stage

import (
	"errors"
	"fmt"
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
