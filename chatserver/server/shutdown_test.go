package server

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestShutdown(t *testing.T) {
	t.Parallel()
	addr, stop := serveUntil(t, Options{})
	waiting := connect(t, addr) // no request yet
	a := login(t, addr, "a")

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
	a.conn.Close()
	waiting.conn.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("somebody gets in after the end")
	}
}

// At the end whoever reads gets what waits for it, and whoever does not keeps the
// server for 4 seconds at most: those who read nothing, those who read a byte now
// and then, those who have not asked and those who do not go.
func TestShutdownTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drips sync.WaitGroup // until its connection is closed
		t.Cleanup(drips.Wait)
		l, stop := serveBubble(t, Options{QueueBytes: 64 << 20})
		member := func(name string) *peer {
			c := l.connect(t, 32<<10, nil)
			c.shakeHands()
			c.login(name)
			return c
		}
		member("stopped") // reads nothing from now on
		dripping, slow, a := member("dripping"), member("slow"), member("a")
		slow.hear()
		l.connect(t, plenty, nil)
		text := strings.Repeat("x", 5000)
		const rounds = 80 // 400 kB: much more than a connection holds
		for range rounds {
			a.say(`{"type":"say","to_uid":"all","content":"%s"}`, text)
			a.hear()
		}

		began := time.Now()
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		drips.Go(func() {
			for b := make([]byte, 1); ; time.Sleep(time.Second / 2) {
				if _, err := dripping.rw.Read(b); err != nil {
					return
				}
			}
		})
		for range rounds {
			saysContent(t, slow, text)
		}
		if code, _ := slow.closed(); code != 1001 {
			t.Errorf("the slow one is closed with %d", code)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("took %v", took)
		}
	})
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
	if err := stop(); err != nil {
		t.Error(err)
	}
}
