package gateway

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// written is one Write on some connection.
type written struct {
	who   *Session
	bytes []byte
}

// record is what was written to all connections of a test, in order.
type record struct {
	mu  sync.Mutex
	all []written
}

// recorder is a connection that takes everything.
type recorder struct {
	net.Conn
	rec *record
	s   *Session
}

func (c *recorder) Write(p []byte) (int, error) {
	c.rec.mu.Lock()
	defer c.rec.mu.Unlock()
	c.rec.all = append(c.rec.all, written{c.s, bytes.Clone(p)})
	return len(p), nil
}

func (c *recorder) SetDeadline(time.Time) error      { return nil }
func (c *recorder) SetReadDeadline(time.Time) error  { return nil }
func (c *recorder) SetWriteDeadline(time.Time) error { return nil }

func recorded(n int) (*record, []*Session) {
	rec := &record{}
	g := New(Options{}, nil)
	var all []*Session
	for i := range n {
		c := &recorder{rec: rec}
		c.s = newSession(g, c)
		c.s.SetFormat(i % Formats)
		all = append(all, c.s)
	}
	return rec, all
}

func (r *record) texts(who *Session) (texts []string) {
	for _, w := range r.all {
		if w.who == who {
			texts = append(texts, split(w.bytes)...)
		}
	}
	return texts
}

// split returns the payloads of frames.
func split(b []byte) (texts []string) {
	for len(b) > 0 {
		n := nextFrame(b)
		f := b[:n]
		b = b[n:]
		head := 2
		if f[1] == 126 {
			head = 4
		}
		texts = append(texts, string(f[head:]))
	}
	return texts
}

func TestOneMessageOneWrite(t *testing.T) {
	rec, all := recorded(5)
	f := NewFanout()
	// What a login makes: a list for the newcomer, and then a login for all.
	f.Enqueue(
		Broadcast{First: all[2], Payload: [2][]byte{[]byte("list"), []byte("LIST")}},
		Broadcast{First: all[2], To: all, Payload: [2][]byte{[]byte("login"), []byte("LOGIN")}},
		Broadcast{To: all[:2], Payload: [2][]byte{nil, []byte("only the odd")}},
	)
	f.Flush()
	want := []struct {
		who  int
		text string
	}{{2, "list"}, {2, "login"}, {0, "login"}, {1, "LOGIN"}, {3, "LOGIN"}, {4, "login"}, {1, "only the odd"}}
	if len(rec.all) != len(want) {
		t.Fatalf("%d writes, want %d", len(rec.all), len(want))
	}
	for i, w := range want {
		if got := rec.all[i]; got.who != all[w.who] || !slices.Equal(split(got.bytes), []string{w.text}) {
			t.Errorf("write %d: to %d %q, want to %d %q", i, slices.Index(all, got.who), split(got.bytes), w.who, w.text)
		}
	}
}

// Whatever is pending together: each session gets what is for it, once, in order,
// and nobody gets a broadcast before its first.
func TestCoalescedOrder(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 2014))
		rec, all := recorded(1 + rnd.IntN(8))
		f := NewFanout()
		room := all
		var broadcasts []Broadcast
		for n := range 2 + rnd.IntN(12) {
			if rnd.IntN(4) == 0 { // somebody left or came back: another list
				room = nil
				for _, s := range all {
					if rnd.IntN(3) > 0 {
						room = append(room, s)
					}
				}
			}
			p := Broadcast{To: room}
			switch rnd.IntN(5) {
			case 0: // to one alone
				p.To, p.First = nil, all[rnd.IntN(len(all))]
			case 1: // nobody first
			default:
				if len(room) > 0 {
					p.First = room[rnd.IntN(len(room))]
				}
			}
			p.Payload[0] = fmt.Appendf(nil, "%d", n)
			if rnd.IntN(6) > 0 {
				p.Payload[1] = fmt.Appendf(nil, "%d %s", n, strings.Repeat("x", rnd.IntN(300)))
			}
			broadcasts = append(broadcasts, p)
			f.Enqueue(p)
		}
		f.Flush()

		for i, s := range all {
			var want []string
			for _, p := range broadcasts {
				text := string(p.Payload[s.format.Load()])
				if text != "" && (p.First == s || slices.Contains(p.To, s)) {
					want = append(want, text)
				}
			}
			if got := rec.texts(s); !slices.Equal(got, want) {
				t.Fatalf("seed %d: session %d heard %q, want %q", seed, i, got, want)
			}
		}
		heard := make(map[string]*Session) // who got a broadcast first
		for _, w := range rec.all {
			for _, text := range split(w.bytes) {
				n, _, _ := strings.Cut(text, " ")
				if heard[n] == nil {
					heard[n] = w.who
				}
			}
		}
		for n, p := range broadcasts {
			first := p.First
			if first != nil && len(p.Payload[first.format.Load()]) > 0 && heard[fmt.Sprint(n)] != first {
				t.Fatalf("seed %d: broadcast %d did not reach its first first", seed, n)
			}
		}
	}
}

// Broadcasts that are pending together cost one write a session, and one more for
// each that is first.
func TestCoalescedWrites(t *testing.T) {
	rec, all := recorded(50)
	f := NewFanout()
	for n := range 32 {
		text := fmt.Appendf(nil, "%d", n)
		f.Enqueue(Broadcast{First: all[n/8], To: all, Payload: [2][]byte{text, text}})
	}
	f.Flush()
	// 4 speakers are written up to their own last, and 3 of them the rest.
	if len(rec.all) != 46+4+3 {
		t.Errorf("%d writes", len(rec.all))
	}
	for i, s := range all[4:] {
		if rec.all[len(rec.all)-46+i].who != s {
			t.Fatalf("session %d is out of order", i+4)
		}
	}
}

func TestSyncWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, all := recorded(2)
		f := NewFanout()
		gate := make(chan struct{})
		blocked := &blockingConn{recorder: recorder{rec: &record{}}, gate: gate, reached: make(chan struct{})}
		slow := newSession(all[0].g, blocked)
		go func() {
			f.Enqueue(Broadcast{First: slow, Payload: [2][]byte{[]byte("a")}})
			f.Flush()
		}()
		<-blocked.reached
		f.Enqueue(Broadcast{First: all[0], Payload: [2][]byte{[]byte("b")}})
		done := make(chan struct{})
		go func() {
			f.Sync()
			close(done)
		}()
		synctest.Wait()
		select {
		case <-done:
			t.Error("Sync did not wait for what was being written")
		default:
		}
		close(gate)
		<-done
		if got := all[0].conn.(*recorder).rec.texts(all[0]); !slices.Equal(got, []string{"b"}) {
			t.Errorf("after Sync %q was heard", got)
		}
	})
}

type blockingConn struct {
	recorder
	gate, reached chan struct{}
}

func (c *blockingConn) Write(p []byte) (int, error) {
	close(c.reached)
	<-c.gate
	return len(p), nil
}

func BenchmarkCoalesced(b *testing.B) {
	_, all := recorded(200)
	for _, s := range all {
		s.conn.(*recorder).rec = nil
		s.out.conn = discard{}
		s.out.init(discard{}, 1<<20)
		s.SetFormat(0)
	}
	payload := [2][]byte{bytes.Repeat([]byte("x"), 150), bytes.Repeat([]byte("y"), 100)}
	f := NewFanout()
	b.ReportAllocs()
	for b.Loop() {
		for n := range 32 {
			f.Enqueue(Broadcast{First: all[n/8], To: all, Payload: payload})
		}
		f.Flush()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/32/200, "ns/delivery")
}

type discard struct{ net.Conn }

func (discard) Write(p []byte) (int, error)      { return len(p), nil }
func (discard) SetWriteDeadline(time.Time) error { return nil }
