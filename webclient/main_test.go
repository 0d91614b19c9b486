package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func noEnv(string) string { return "" }

func TestRunServesUntilToldToEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--listen", "127.0.0.1:0"}, w, io.Discard, noEnv)
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("status %d", resp.StatusCode)
	}
	cancel()
	select {
	case got := <-code:
		if got != 0 {
			t.Errorf("exit status %d", got)
		}
	case <-time.After(time.Minute):
		t.Fatal("does not end")
	}
}

func TestRunRefuses(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--listen", ln.Addr().String()}, "hint: end that process, or take another port with --listen"},
		{[]string{"--listen", "nonsense"}, "hint: --listen takes an address and a port"},
		{[]string{"--colour"}, "webclient: unrecognized option '--colour'\nhint: “webclient --help” lists the flags\n"},
		{[]string{"extra"}, "webclient: webclient takes no argument “extra”"},
		{[]string{"--chat-port", "70000"}, "webclient: --chat-port: “70000” is no whole number from 1 to 65535"},
		{[]string{"--dialect", "latin"}, "webclient: --dialect: no “latin”: take 2014 or today"},
		{[]string{"--lang", "de"}, "webclient: no language “de”"},
	} {
		var stdout, stderr strings.Builder
		if got := run(t.Context(), tt.args, &stdout, &stderr, noEnv); got != 2 || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
			t.Errorf("%q: exit status %d, stdout %q, stderr %q", tt.args, got, stdout.String(), stderr.String())
		}
		if lines := strings.Count(stderr.String(), "\n"); lines > 2 {
			t.Errorf("%q: %d lines", tt.args, lines)
		}
	}
	var stdout strings.Builder
	if got := run(t.Context(), []string{"-h"}, &stdout, io.Discard, noEnv); got != 0 || !strings.Contains(stdout.String(), "-chat-port") {
		t.Errorf("-h: %d, %q", got, stdout.String())
	}
}
