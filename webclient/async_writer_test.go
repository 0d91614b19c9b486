package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stopped is a terminal on which each line still arrives and then all stands,
// until somebody takes the next.
type stopped chan string

func (s stopped) Write(p []byte) (int, error) {
	s <- string(p)
	return len(p), nil
}

// outOfDescriptors is a listener that fails a few times, as when there is no
// descriptor left for a connection.
type outOfDescriptors struct {
	net.Listener
	left atomic.Int32
}

func (l *outOfDescriptors) Accept() (net.Conn, error) {
	if l.left.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return l.Listener.Accept()
}

// Errors that nobody reads hold up no page, and those lost are counted.
func TestUnreadErrors(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	failing := &outOfDescriptors{Listener: ln}
	failing.left.Store(4)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	terminal := make(stopped)
	errors := &asyncWriter{w: terminal}
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, failing, http.NotFoundHandler(), errors) }()
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Get("http://" + ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if line := <-terminal; !strings.HasPrefix(line, "webclient: http: Accept error: ") || strings.Count(line, "\n") != 1 {
		t.Errorf("says %q", line)
	}
	for written := false; !written; runtime.Gosched() {
		errors.mu.Lock()
		written = !errors.busy
		errors.mu.Unlock()
	}
	io.WriteString(errors, "later\n")
	if line := <-terminal; line != "webclient: lines lost before this one: 3\nlater\n" {
		t.Errorf("says %q", line)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// webclient 2>&1 | head -1 goes on serving, and so does one whose reader was never
// there; both end when they are told to.
func TestReaderGoesAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range []int{0, 1} {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := free.Addr().String()
		free.Close()
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if lines == 0 {
			r.Close()
		}
		cmd := exec.Command(self, "--listen", addr)
		cmd.Env = append(os.Environ(), "WEBCLIENT_TEST_MAIN=1")
		cmd.Stdout, cmd.Stderr = w, w
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Process.Kill()
		w.Close()
		if lines == 1 {
			if line, err := bufio.NewReader(r).ReadString('\n'); line != "http://"+addr+"\n" {
				t.Errorf("says %q, %v", line, err)
			}
			r.Close()
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for answered := false; !answered; { // nobody listens at first
			response, err := (&http.Client{Timeout: 30 * time.Second}).Get("http://" + addr)
			if answered = err == nil; answered {
				response.Body.Close()
			}
			select {
			case err := <-ended:
				t.Fatalf("after %d lines are read: ends with %v", lines, err)
			default:
			}
		}
		cmd.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			t.Errorf("after %d lines are read: ends with %v", lines, err)
		}
	}
}
