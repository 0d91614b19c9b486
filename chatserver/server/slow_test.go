package server

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Who does not read is closed with 1013 when its queue is full, and the room is
// told; nobody else waits or misses anything. What it had been sent it can still
// read, whole frames only.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	addr := small(t, Options{QueueBytes: 100 << 10})
	slow := login(t, addr, "slow")
	slow.conn.SetReadBuffer(32 << 10)
	a := login(t, addr, "a")
	b := login(t, addr, "b")
	a.hear()

	text := strings.Repeat("x", 5000)
	rounds := 0
	told := false
	for ; !told; rounds++ {
		if rounds > 5000 {
			t.Fatal("the slow reader is not closed")
		}
		a.say(`{"type":"say","to_uid":"all","content":"%d %s"}`, rounds, text)
		want := fmt.Sprintf(`"content":"%d x`, rounds)
		for _, c := range []*raw{a, b} {
			got := c.hear()
			if strings.Contains(got, "logout") {
				told = true
				got = c.hear()
			}
			if !strings.Contains(got, want) {
				t.Fatalf("round %d: heard %.200s", rounds, got)
			}
		}
	}

	for n := 0; ; {
		first, payload, err := slow.frame()
		if err != nil {
			t.Fatalf("after %d messages: %v", n, err)
		}
		if first == 0x88 {
			if code := int(payload[0])<<8 | int(payload[1]); code != 1013 {
				t.Errorf("closed with %d", code)
			}
			if n == 0 || n >= rounds {
				t.Errorf("%d of %d messages before the close", n, rounds)
			}
			break
		}
		if strings.Contains(payload, "login") {
			continue
		}
		if want := fmt.Sprintf(`"content":"%d x`, n); !strings.Contains(payload, want) {
			t.Fatalf("message %d is %.200s", n, payload)
		}
		n++
	}
	slow.eof()
}

// A reader that is slow for a while only gets everything.
func TestSlowForAWhile(t *testing.T) {
	t.Parallel()
	addr := small(t, Options{QueueBytes: 20 << 20})
	slow := login(t, addr, "slow")
	slow.conn.SetReadBuffer(32 << 10)
	a := login(t, addr, "a")
	slow.hear()
	text := strings.Repeat("x", 5000)
	const rounds = 300 // 1.5 MB: more than the kernel holds
	for n := range rounds {
		a.say(`{"type":"say","to_uid":"all","content":"%d %s"}`, n, text)
		a.hear()
	}
	for n := range rounds {
		if got, want := slow.hear(), fmt.Sprintf(`"content":"%d x`, n); !strings.Contains(got, want) {
			t.Fatalf("message %d is %.200s", n, got)
		}
	}
	// And then all is as before.
	a.say(sayHi)
	saysContent(t, slow, "hi")
}

// What answers pings does not pile up either for a client that does not read: it
// is closed with 1013, too, before it has been answered all of them.
func TestPongsAreBounded(t *testing.T) {
	t.Parallel()
	addr := small(t, Options{QueueBytes: 10 << 10})
	c := login(t, addr, "c")
	c.conn.SetReadBuffer(32 << 10)
	watch := login(t, addr, "watch")
	c.hear()
	const size = 64 << 20 // of pings: more than both kernels' buffers hold
	pings := []byte(strings.Repeat(string(mask(0x89, strings.Repeat("x", 125))), 1000))
	var sending sync.WaitGroup
	t.Cleanup(sending.Wait)
	t.Cleanup(func() { c.conn.Close() })
	sending.Go(func() {
		for range size / len(pings) {
			if _, err := c.conn.Write(pings); err != nil {
				return // the server has ended the connection
			}
		}
		c.conn.Write(mask(0x81, sayHi))
	})
	if got := watch.hear(); !strings.Contains(got, "logout") {
		t.Fatalf("after %d bytes of pings the room hears %s", size, got)
	}
	for n := 0; ; n++ {
		first, payload, err := c.frame()
		if err != nil {
			t.Fatalf("after %d pongs: %v", n, err)
		}
		if first == 0x88 {
			if code := int(payload[0])<<8 | int(payload[1]); code != 1013 || n == 0 {
				t.Errorf("closed with %d after %d pongs", code, n)
			}
			break
		}
		if first != 0x8a || len(payload) != 125 {
			t.Fatalf("frame %#x %.20q instead of a pong", first, payload)
		}
	}
}
