package server

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

var (
	churnTime    = flag.Duration("churn", 500*time.Millisecond, "how long members come and go in TestChurn")
	churnMembers = flag.Int("churn-members", 200, "how many do in TestChurn; each needs two descriptors")
)

// Whoever comes and goes leaves no goroutine, no descriptor and no entry behind,
// in whichever way: with a Close frame, without a word, with a reset.
//
//	go test ./chatserver/server -run Churn -churn 1m -churn-members 9000
func TestChurn(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	srv := New(Options{Heartbeat: time.Second})
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, ln) }()
	addr := ln.Addr().String()

	settle := func(what string, want int, count func() int) {
		t.Helper()
		n := count()
		for end := time.Now().Add(time.Minute); n > want && time.Now().Before(end); n = count() {
			time.Sleep(10 * time.Millisecond)
		}
		if n > want {
			t.Errorf("%d %s left, %d before", n, what, want)
		}
	}
	login(t, addr, "first").conn.Close() // so that what is made once is made
	settle("members", 0, func() int { m, _, _ := srv.now().hub.Size(); return m })
	goroutines, files := runtime.NumGoroutine(), descriptors()

	var wg sync.WaitGroup
	end := time.Now().Add(*churnTime)
	var mu sync.Mutex
	cycles := 0
	for i := range *churnMembers {
		wg.Go(func() {
			for n := 0; n == 0 || time.Now().Before(end); n++ {
				if err := comeAndGo(addr, i, n); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				cycles++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	t.Logf("%d times somebody came and went", cycles)
	settle("members", 0, func() int { m, _, _ := srv.now().hub.Size(); return m })
	settle("rooms", 0, func() int { _, r, _ := srv.now().hub.Size(); return r })
	settle("numbers", 0, func() int { _, _, c := srv.now().hub.Size(); return c })
	settle("goroutines", goroutines, runtime.NumGoroutine)
	settle("descriptors", files, descriptors)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// coming bounds how many are on their way in at a time: what does not fit in the
// kernel's queue of a listener (somaxconn, 4096 as a rule) is dropped there.
var coming = make(chan struct{}, 1000)

func comeAndGo(addr string, i, n int) error {
	coming <- struct{}{}
	came := sync.OnceFunc(func() { <-coming })
	defer came()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	hello := fmt.Sprintf(`{"type":"login","client_name":"%d","room_id":%d}`, i, (i+n)%(1+*churnMembers/10))
	if i%2 == 0 {
		hello = fmt.Sprintf(`{"type":"login","client_name":"%d","room_id":"even %d"}`, i, i%20)
	}
	if _, err := conn.Write(append([]byte(request), mask(0x81, hello)...)); err != nil {
		return err
	}
	b := make([]byte, 512)
	if _, err := conn.Read(b); err != nil { // the answer, and perhaps more
		return fmt.Errorf("member %d: %w", i, err)
	}
	came()
	conn.SetReadDeadline(time.Now().Add(time.Second))
	conn.Read(b) // until there is something to hear, for a while
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	switch (i + n) % 3 {
	case 0:
		conn.Write(mask(0x88, "\x03\xe8"))
		for err == nil {
			_, err = conn.Read(b)
		}
	case 1:
		conn.(*net.TCPConn).SetLinger(0)
	}
	return nil
}

// descriptors returns how many the process has open, or 0 where /proc does not
// tell.
func descriptors() int {
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(d)
}
