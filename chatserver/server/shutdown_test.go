package server

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestShutdown(t *testing.T) {
	t.Parallel()
	addr, stop := serveSmall(t, Options{QueueBytes: 64 << 20})
	waiting := connect(t, addr) // no request yet
	slow := login(t, addr, "slow")
	slow.conn.SetReadBuffer(32 << 10)
	a := login(t, addr, "a")
	slow.hear()
	text := strings.Repeat("x", 5000)
	const rounds = 80 // 400 kB: more than the kernel holds
	for range rounds {
		a.say(`{"type":"say","to_uid":"all","content":"%s"}`, text)
		a.hear()
	}

	began := time.Now()
	done := make(chan error, 1)
	go func() { done <- stop() }()
	if code, _ := a.closed(); code != 1001 {
		t.Errorf("closed with %d", code)
	}
	a.eof()
	waiting.conn.SetReadDeadline(time.Now().Add(limit))
	if b, _ := io.ReadAll(waiting.conn); len(b) > 0 && !strings.HasPrefix(string(b), "HTTP/1.1 ") {
		t.Errorf("who had not asked got %q", b)
	}
	// What waits for the slow one comes before the close.
	for range rounds {
		saysContent(t, slow, text)
	}
	if code, _ := slow.closed(); code != 1001 {
		t.Errorf("the slow one is closed with %d", code)
	}
	slow.conn.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("somebody gets in after the end")
	}
}

// Not even those who do not read anything keep the server from ending.
func TestShutdownWithAStoppedReader(t *testing.T) {
	t.Parallel()
	addr, stop := serveSmall(t, Options{QueueBytes: 64 << 20})
	login(t, addr, "stopped").conn.SetReadBuffer(32 << 10)
	a := login(t, addr, "a")
	text := strings.Repeat("x", 5000)
	for range 300 {
		a.say(`{"type":"say","to_uid":"all","content":"%s"}`, text)
		a.hear()
	}
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}
