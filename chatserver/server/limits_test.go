package server

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name string
		opts Options
		over []string
		code int
	}{
		{"message", Options{MaxMessage: 100}, []string{sayHi + strings.Repeat(" ", 101-len(sayHi))}, 1009},
		{"name", Options{MaxName: 5}, []string{`{"type":"login","name":"ééé猪猪猪"}`}, 1008},
		{"room's name", Options{MaxName: 5}, []string{`{"type":"login","client_name":"a","room_id":"123456"}`}, 1008},
		{"rate", Options{Rate: 20}, slicesRepeat(sayHi, 1000), 1008},
		{"members", Options{MaxMembers: 1}, []string{`{"type":"login","name":"a"}`}, 1008},
		{"rooms", Options{MaxRooms: 1}, []string{`{"type":"login","client_name":"a","room_id":2}`}, 1008},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr := serve(t, c.opts)
			other := login(t, addr, "o")
			cl := dial(t, addr)
			if c.name == "rate" || c.name == "message" {
				cl.say(`{"type":"login","name":"me"}`)
				other.hear()
			}
			for _, m := range c.over {
				cl.conn.Write(mask(0x81, m))
			}
			if code, reason := cl.closed(); code != c.code || reason == "" {
				t.Errorf("closed with %d %q, want %d", code, reason, c.code)
			}
			other.say(`{"type":"say","to_uid":"all","content":"undisturbed"}`)
			for !strings.Contains(other.hear(), "undisturbed") {
			}
		})
	}
}

func slicesRepeat(s string, n int) (all []string) {
	for range n {
		all = append(all, s)
	}
	return all
}

func TestUpToTheLimits(t *testing.T) {
	addr := serve(t, Options{MaxMessage: int64(len(sayHi)), MaxName: 6, Rate: 20, MaxMembers: 2, MaxRooms: 1})
	a := login(t, addr, "ééé猪猪")
	login(t, addr, "b")
	a.hear()
	for range 20 {
		a.say(sayHi)
		saysContent(t, a, "hi")
	}
}

func TestConnectionsAreLimited(t *testing.T) {
	addr := serve(t, Options{MaxMembers: 1})
	dial(t, addr)
	dial(t, addr)
	c := dial(t, addr)
	if !strings.HasPrefix(c.head, "HTTP/1.1 503 ") || !strings.Contains(c.head, "Retry-After") {
		t.Errorf("answer %q", c.head)
	}
}

func TestPingsAreLimited(t *testing.T) {
	addr := serve(t, Options{Rate: 10})
	c := dial(t, addr)
	for range 1000 {
		c.conn.Write(mask(0x89, "x"))
	}
	if code, _ := c.closed(); code != 1008 {
		t.Errorf("closed with %d", code)
	}
}

// Who says nothing at all has to go, also one that is never asked.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const idle, period = 45 * time.Second, 10 * time.Second
		l, _ := serveBubble(t, Options{IdleTime: idle, Heartbeat: period})
		c := l.dial(t)
		began := time.Now()
		c.login("a")
		if code, reason := c.closed(); code != 1008 || reason == "" {
			t.Errorf("closed with %d %q", code, reason)
		}
		within(t, "closed", began, idle, period)
	})
}
