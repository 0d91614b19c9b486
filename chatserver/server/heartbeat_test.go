package server

import (
	"strings"
	"testing"
	"time"
)

func TestHeartbeat(t *testing.T) {
	const period = 200 * time.Millisecond
	addr := serve(t, Options{Heartbeat: period})
	watch := dial(t, addr)
	watch.say(`{"type":"login","client_name":"watch","room_id":1}`)
	watch.hear()
	// Whoever answers stays: with today's pong, or with that of any WebSocket
	// client.
	go func() {
		for {
			watch.conn.Write(mask(0x81, `{"type":"pong"}`))
			if _, err := watch.conn.Write(mask(0x8a, "")); err != nil {
				return
			}
			time.Sleep(period / 4)
		}
	}()

	dead := dial(t, addr)
	began := time.Now()
	dead.say(`{"type":"login","client_name":"dead","room_id":1}`)
	dead.hear()
	dead.want(`{"type":"ping"}`)
	if d := time.Since(began); d < period {
		t.Errorf("asked after %v", d)
	}
	dead.want(`{"type":"ping"}`)
	if first, payload, err := dead.frame(); first != 0x89 || payload != "" || err != nil {
		t.Fatalf("frame %#x %q, %v instead of a Ping", first, payload, err)
	}
	dead.closed()
	if d := time.Since(began); d < 2*period || d > 3*period+time.Second {
		t.Errorf("given up after %v", d)
	}
	for {
		if got := watch.hear(); strings.Contains(got, "logout") {
			break
		}
	}
}

// In 2014 nothing comes that was not asked for.
func TestNoHeartbeatIn2014(t *testing.T) {
	const period = 20 * time.Millisecond
	addr := serve(t, Options{Heartbeat: period})
	c := login(t, addr, "a")
	silent := dial(t, addr) // nor before a login
	for _, c := range []*raw{c, silent} {
		c.conn.SetReadDeadline(time.Now().Add(10 * period))
		if b, err := c.br.ReadByte(); err == nil {
			t.Errorf("byte %#x came", b)
		}
	}
}
