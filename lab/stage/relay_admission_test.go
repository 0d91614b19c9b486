package stage

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// room is an admission whose clients are no more than a place and a time.
type room struct {
	admission
	time  time.Time
	names map[*relayedConn]string
}

func newRoom(most int) *room {
	r := &room{time: time.Unix(1407837000, 0), names: make(map[*relayedConn]string)}
	r.admission = admission{most: most, now: func() time.Time { return r.time }, conns: make(map[*relayedConn]struct{})}
	return r
}

// nobody is a client of whom nothing is asked.
type nobody struct{ resettable }

func (nobody) SetLinger(int) error { return nil }
func (nobody) Close() error        { return nil }

// comes has clients come from an address, n of them, each a second after the one
// before. Those that speak do so at once. It gives how many are admitted.
func (r *room) comes(t *testing.T, addr string, n int, speaks bool) (admitted int) {
	t.Helper()
	for range n {
		r.time = r.time.Add(time.Second)
		p := &relayedConn{client: nobody{}, place: place(netip.MustParseAddr(addr)), now: r.now, since: r.time}
		if speaks {
			p.spoke.Store(1)
		}
		if r.admit(p) {
			admitted++
			r.names[p] = addr
		}
	}
	return admitted
}

// has counts the connections of an address.
func (r *room) has(addr string) (n int) {
	for p := range r.conns {
		if r.names[p] == addr {
			n++
		}
	}
	return n
}

func TestAdmission(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(t *testing.T, r *room) // 20 connections
		want map[string]int
	}{
		{"whoever comes, while there are enough", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.1", 20, true)
		}, map[string]int{"192.0.2.1": 20}},
		{"who has all gets no more", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.1", 20, true)
			if n := r.comes(t, "192.0.2.1", 5, true); n > 0 {
				t.Errorf("%d more are admitted", n)
			}
		}, map[string]int{"192.0.2.1": 20}},
		{"who has most loses to who has fewer, until they have as many", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.1", 20, true)
			r.comes(t, "192.0.2.2", 3, true)
			r.comes(t, "192.0.2.3", 20, true)
		}, map[string]int{"192.0.2.1": 9, "192.0.2.2": 3, "192.0.2.3": 8}},
		{"an IPv6 network counts as one, an IPv4 address in IPv6 as itself", func(t *testing.T, r *room) {
			for i := range 20 {
				r.comes(t, fmt.Sprintf("2001:db8::%x", i+1), 1, true)
			}
			r.comes(t, "::ffff:192.0.2.1", 1, true)
			r.comes(t, "192.0.2.1", 1, true)
			r.comes(t, "2001:db8:0:1::1", 2, true)
			r.comes(t, "2001:db8::ffff", 1, true)
		}, map[string]int{"::ffff:192.0.2.1": 1, "192.0.2.1": 1, "2001:db8:0:1::1": 2, "2001:db8::ffff": 0, "2001:db8::1": 0, "2001:db8::4": 0, "2001:db8::5": 1}},
		{"a class behind one address, and one who takes all", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.66", 20, true)
			r.comes(t, "192.0.2.1", 9, true)
			r.comes(t, "192.0.2.66", 20, true)
		}, map[string]int{"192.0.2.1": 9, "192.0.2.66": 11}},
		{"who never says anything goes first, when their time is over", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.1", 1, false)
			r.comes(t, "192.0.2.2", 19, true)
			r.time = r.time.Add(silence - 20*time.Second)
			r.comes(t, "192.0.2.2", 1, true)
		}, map[string]int{"192.0.2.1": 0, "192.0.2.2": 20}},
		{"and not before", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.2", 19, true)
			r.comes(t, "192.0.2.1", 1, false)
			r.comes(t, "192.0.2.3", 1, true)
		}, map[string]int{"192.0.2.1": 1, "192.0.2.2": 18, "192.0.2.3": 1}},
		{"where one address has most, who was silent for long makes room", func(t *testing.T, r *room) {
			r.comes(t, "192.0.2.1", 20, true)
			r.time = r.time.Add(silence - 18*time.Second)
			if n := r.comes(t, "192.0.2.1", 5, true); n != 5 {
				t.Errorf("%d are admitted, want 5", n)
			}
		}, map[string]int{"192.0.2.1": 20}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(20)
			tt.play(t, r)
			for addr, want := range tt.want {
				if got := r.has(addr); got != want {
					t.Errorf("%s has %d, want %d", addr, got, want)
				}
			}
			if len(r.conns) > 20 {
				t.Errorf("%d are there", len(r.conns))
			}
		})
	}
}

// While somebody takes all the connections that they can get, thirty others join, and
// what they have lasts.
func TestRelayFlooded(t *testing.T) {
	const most, others, each = 100, 30, 3
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			go func() { // a server that says everything back
				for {
					in, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						defer in.Close()
						io.Copy(in, in)
					}()
				}
			}()
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}, MaxConns: most})
			var flood []*net.TCPConn
			var flooding sync.WaitGroup
			full, enough := make(chan struct{}), make(chan struct{})
			dialFrom(t, r, "127.0.0.66:0").Close()
			flooding.Go(func() {
				for n := 0; ; n++ {
					if n == 2*most {
						close(full)
					}
					select {
					case <-enough:
						return
					default:
					}
					// A refusal comes as a reset, then or later.
					if c, err := tryFrom(r, "127.0.0.66:0"); err == nil {
						flood = append(flood, c)
						io.WriteString(c, "x")
					}
					if len(flood) > 4*most {
						flood[0].Close()
						flood = flood[1:]
					}
				}
			})
			<-full
			var class []net.Conn
			for i := range others {
				for range each {
					class = append(class, dialFrom(t, r, fmt.Sprintf("127.0.0.%d:0", 100+i)))
				}
			}
			for round := range 3 {
				for i, c := range class {
					want := fmt.Sprintf("%d says %d", i, round)
					c.SetDeadline(time.Now().Add(longest))
					got := make([]byte, len(want))
					io.WriteString(c, want)
					if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
						t.Fatalf("%v hears %q, %v; want %q", c.LocalAddr(), got, err, want)
					}
				}
			}
			close(enough)
			flooding.Wait()
			for _, c := range class {
				c.Close()
			}
			for _, c := range flood {
				c.Close()
			}
			l.Close()
		})
	}
}

// Who loses a connection while it is still being made inside does not get it.
func TestResetBeforeItIsMade(t *testing.T) {
	p := &relayedConn{client: nobody{}}
	p.reset()
	var inside once
	if p.join(&inside) || inside.closed != 1 {
		t.Errorf("it is joined, or closed %d times", inside.closed)
	}
}

// once counts how often it is closed.
type once struct {
	resettable
	closed int
}

func (o *once) Close() error {
	o.closed++
	return nil
}

// What is relayed leaves descriptors to the rest of the process.
func TestAffordable(t *testing.T) {
	for descriptors, want := range map[uint64]int{0: 512, 1: 1, 256: 42, 1024: 170, 20000: 512, 1<<64 - 1: 512} {
		if got := affordable(descriptors); got != want {
			t.Errorf("of %d descriptors: %d connections, want %d", descriptors, got, want)
		}
	}
}

// exhausted is a listener for which there is no descriptor.
type exhausted struct {
	net.Listener
	fails int // and then it is closed
}

func (l *exhausted) Accept() (net.Conn, error) {
	if l.fails--; l.fails < 0 {
		return nil, net.ErrClosed
	}
	return nil, syscall.EMFILE
}

// A relay that finds no descriptor for a while goes on.
func TestRelayOutlivesExhaustion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := &exhausted{fails: 100}
		new(Relay).accept(t.Context(), l, 0)
		if took := time.Since(began); l.fails >= 0 || took < time.Minute || took > 100*time.Second {
			t.Errorf("it gives up after %v, %d before the end", took, l.fails+1)
		}
	})
}

// At the limit, who comes from the address that has all is reset, and gets in when one of
// its own has ended.
func TestRelayIsBounded(t *testing.T) {
	for _, name := range relayed() {
		t.Run(name, func(t *testing.T) {
			s := open(t, name)
			l := listening(t, s, 0)
			r, _ := serve(t, s, RelayOptions{Ports: []RelayPort{{0, stagePort(l)}}, MaxConns: 2})
			first, in := pair(t, r, l)
			pair(t, r, l)
			refused, err := net.Dial("tcp", r.Addr(0).String())
			if err == nil {
				defer refused.Close()
				refused.SetDeadline(time.Now().Add(longest))
				_, err = refused.Read(make([]byte, 1))
			}
			if !isReset(err) {
				t.Fatalf("a third ends with %v", err)
			}
			in.Close()
			first.Close()
			until(t, "one is over", func() bool {
				r.admission.mu.Lock()
				defer r.admission.mu.Unlock()
				return len(r.admission.conns) < 2
			})
			pair(t, r, l)
		})
	}
}
