package stage

import (
	"net"
	"net/netip"
	"testing"
)

// Whose a connection is stays known for a while when it has ended, and its port is
// nobody else's as long.
func TestClientsAreRemembered(t *testing.T) {
	var r relayedClients
	a, b := netip.MustParseAddrPort("192.0.2.1:50000"), netip.MustParseAddrPort("192.0.2.2:50000")
	p := relayedPort{50000, 7272}
	is := func(want netip.AddrPort) {
		t.Helper()
		if got, ok := r.client(p); got != want || ok != want.IsValid() {
			t.Errorf("it is %v's, want %v's", got, want)
		}
	}
	is(netip.AddrPort{})
	if !r.claim(p, a) || r.claim(p, a) || r.claim(p, b) {
		t.Error("a port in use can be had, or a free one cannot")
	}
	is(a)
	r.end(p)
	is(a)
	if r.claim(p, b) {
		t.Error("b has the port while it may still be asked whose it was")
	}
	if !r.claim(relayedPort{50000, 55151}, b) {
		t.Error("a port of another server's connection is taken")
	}
	others := func(n int) {
		for i := range n {
			q := relayedPort{uint16(1024 + i), 7272}
			if !r.claim(q, a) {
				t.Fatalf("%v is taken", q)
			}
			r.end(q)
		}
	}
	others(maxEnded - 1)
	is(a)
	if !r.claim(p, a) {
		t.Error("a cannot have its own port again")
	}
	r.end(p) // its first end is forgotten, and it is not
	is(a)
	others(maxEnded - 1)
	is(a)
	r.claim(p, a)
	others(maxEnded) // nor is it while it is in use
	is(a)
	r.end(p)
	others(maxEnded - 1)
	is(a)
	others(1)
	is(netip.AddrPort{})
	if !r.claim(p, b) {
		t.Error("b cannot have the port when it is forgotten")
	}
	if len(r.known) > maxEnded+2 || len(r.ended) > maxEnded {
		t.Errorf("%d known, %d ended", len(r.known), len(r.ended))
	}
}

// Two browsers of one port number, on two machines, are told apart as soon as the server
// has their connections.
func TestRelayKnowsItsClients(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}})
			first := dialFrom(t, r, "127.0.0.2:0")
			defer first.Close()
			second := dialFrom(t, r, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.3"), uint16(first.LocalAddr().(*net.TCPAddr).Port)).String())
			defer second.Close()
			want := map[string]bool{first.LocalAddr().String(): true, second.LocalAddr().String(): true}
			for range 2 {
				in, err := l.Accept()
				if err != nil {
					t.Fatal(err)
				}
				client, _ := r.Client(uint16(in.RemoteAddr().(*net.TCPAddr).Port), stagePort(l))
				if !want[client.String()] {
					t.Errorf("%v is %v's, want one of %v", in.RemoteAddr(), client, want)
				}
				delete(want, client.String())
				in.Close()
			}
		})
	}
}

// dialFrom connects to a relay from an address of this machine's loopback.
func dialFrom(t *testing.T, r *Relay, from string) *net.TCPConn {
	t.Helper()
	c, err := tryFrom(r, from)
	if err != nil {
		t.Skipf("this system's loopback has no such address: %v", err)
	}
	return c
}

func tryFrom(r *Relay, from string) (*net.TCPConn, error) {
	local, err := net.ResolveTCPAddr("tcp", from)
	if err != nil {
		return nil, err
	}
	return net.DialTCP("tcp", local, net.TCPAddrFromAddrPort(r.Addr(0)))
}
