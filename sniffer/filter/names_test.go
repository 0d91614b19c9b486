package filter

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
)

// silent is a name server that never answers. asked is closed when it has been
// asked.
type silent struct{ asked chan struct{} }

func (s silent) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	close(s.asked)
	<-ctx.Done()
	return nil, ctx.Err()
}

func (s silent) LookupPort(ctx context.Context, network, _ string) (int, error) {
	if network == "tcp" {
		close(s.asked)
	}
	<-ctx.Done()
	return 0, ctx.Err()
}

// A lookup ends with the caller's context, and not as an unknown name.
func TestLookupIsInterrupted(t *testing.T) {
	stop := errors.New("stop")
	for _, expr := range []string{"host nobody", "port nothing"} {
		s := silent{make(chan struct{})}
		e, err := Parse(expr, s)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-s.asked
			cancel(stop)
		}()
		if _, err := e.Compile(ctx, capture.Ethernet); !errors.Is(err, stop) || errors.As(err, new(*Error)) {
			t.Errorf("%q: %v", expr, err)
		}
	}
}

// counting counts the questions for hosts.
type counting struct {
	offline
	asked int
}

func (c *counting) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	c.asked++
	return []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::1")}, nil
}

func TestHostIsAskedForOnce(t *testing.T) {
	c := &counting{}
	e, err := Parse("vlan and host server or host server", c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Live(t.Context())(capture.Ethernet); err != nil || c.asked != 1 {
		t.Errorf("asked %d times, %v", c.asked, err)
	}
	if e, err = Parse("host server", c); err != nil {
		t.Fatal(err)
	}
	for _, lt := range linkTypes {
		if _, err := e.Compile(t.Context(), lt); err != nil {
			t.Error(err)
		}
	}
	if c.asked != 2 {
		t.Errorf("asked %d times", c.asked)
	}
}

// slow gives up.
type slow struct{ offline }

func (slow) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "i/o timeout", Name: host, IsTimeout: true}
}

func TestNameServerIsSilent(t *testing.T) {
	e, err := Parse("host example.org", slow{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.Compile(t.Context(), capture.Ethernet); err == nil || !strings.Contains(err.Error(), "no name server has answered") {
		t.Error(err)
	}
}

// What the kernel cannot run is matched here; what only a socket knows cannot.
func TestLive(t *testing.T) {
	for _, c := range []struct {
		expr           string
		lt             capture.LinkType
		program, match bool
	}{
		{"", capture.Ethernet, true, true},
		{"port 80", capture.Ethernet, true, true},
		{"inbound", capture.Ethernet, true, false},
		{"ifindex 1", capture.LinuxSLL2, true, true},
		{"ether[6:4] = 1", capture.LinuxSLL, false, true},
		{"ether[2:2] = 772", capture.LinuxSLL, true, true},
		{"ether[8:2] = 772", capture.LinuxSLL2, true, true},
	} {
		e, err := parseOffline(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		f, err := e.Live(t.Context())(c.lt)
		if err != nil || (f.Program != nil) != c.program || (f.Match != nil) != c.match {
			t.Errorf("%q: program %v, match %v, %v", c.expr, f.Program != nil, f.Match != nil, err)
		}
	}
	e, err := parseOffline("inbound and (" + manyTests(2000) + ")")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Live(t.Context())(capture.Ethernet); !errors.As(err, new(*Error)) {
		t.Errorf("neither the kernel nor we can run it: %v", err)
	}
}
