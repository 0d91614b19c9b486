package server

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// within fails the test if what it began at took less than d, or more than a
// twentieth of a heartbeat longer: so often the server looks.
func within(t *testing.T, what string, began time.Time, d, period time.Duration) {
	t.Helper()
	if took := time.Since(began); took < d || took > d+period/20 {
		t.Errorf("%s after %v, want %v", what, took, d)
	}
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const period = 10 * time.Second
		var answering sync.WaitGroup // until the server has ended
		t.Cleanup(answering.Wait)
		l, _ := serveBubble(t, Options{Heartbeat: period})
		watch := l.dial(t)
		watch.say(`{"type":"login","client_name":"watch","room_id":1}`)
		watch.hear()
		// Whoever answers stays: with today's pong, or with that of any WebSocket
		// client.
		answers := [2][]byte{mask(0x81, `{"type":"pong"}`), mask(0x8a, "")}
		answering.Go(func() {
			for n := 0; ; n++ {
				if _, err := watch.rw.Write(answers[n%2]); err != nil {
					return
				}
				time.Sleep(period * 9 / 10)
			}
		})

		dead := l.dial(t)
		began := time.Now()
		dead.say(`{"type":"login","client_name":"dead","room_id":1}`)
		dead.hear()
		if got := watch.hear(); !strings.Contains(got, `"dead"`) {
			t.Fatalf("heard %s", got)
		}
		dead.want(`{"type":"ping"}`)
		within(t, "asked", began, period, period)
		dead.want(`{"type":"ping"}`)
		if first, payload, err := dead.frame(); first != 0x89 || payload != "" || err != nil {
			t.Fatalf("frame %#x %q, %v instead of a Ping", first, payload, err)
		}
		within(t, "asked again", began, 2*period, period)
		if code, _ := dead.closed(); code != 1001 {
			t.Errorf("closed with %d", code)
		}
		within(t, "given up", began, period*27/10, period)
		// Who answers was never asked.
		if got := watch.hear(); !strings.Contains(got, "logout") {
			t.Errorf("heard %s", got)
		}
		watch.silent(10 * period)
	})
}

// In 2014 nothing comes that was not asked for.
func TestNoHeartbeatIn2014(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const period = 10 * time.Second
		l, _ := serveBubble(t, Options{Heartbeat: period})
		c := l.dial(t)
		c.login("a")
		c.silent(10 * period)
		l.dial(t).silent(10 * period) // nor before a login
	})
}

// silent fails the test if anything comes within d.
func (c *peer) silent(d time.Duration) {
	c.t.Helper()
	c.rw.SetReadDeadline(time.Now().Add(d))
	if b, err := c.br.ReadByte(); !errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Errorf("byte %#x, %v", b, err)
	}
}
