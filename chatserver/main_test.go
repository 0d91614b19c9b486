package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatlab/sniffer/catalogue"
)

// TestMain is the command itself when a test starts it as one.
func TestMain(m *testing.M) {
	if os.Getenv("CHATSERVER_TEST_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func noEnv(string) string { return "" }

func TestErrors(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--listen", busy.Addr().String()}, "in use"},
		{[]string{"--listen", "127.0.0.1:99999"}, "port"},
		{[]string{"--listen", "nonsense"}, "nonsense"},
		{[]string{"--bogus"}, "bogus"},
		{[]string{"--rate", "-1"}, "from 0"},
		{[]string{"--rate", "1x"}, "from 0"},
		{[]string{"--max-message", "99999999999999999999"}, "from 0"},
		{[]string{"--allow-origin", "chat.example"}, "https://"},
		{[]string{"--idle-time", "soon"}, "soon"},
		{[]string{"more"}, "more"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), c.args, &stdout, &stderr, noEnv); code != 2 {
			t.Errorf("%q: exit status %d", c.args, code)
		}
		lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
		if len(lines) > 2 || !strings.HasPrefix(lines[0], "chatserver: ") || !strings.Contains(lines[0], c.want) ||
			len(lines) == 2 && !strings.HasPrefix(lines[1], "hint: ") || stdout.Len() > 0 {
			t.Errorf("%q: stdout %q, stderr %q", c.args, stdout.String(), stderr.String())
		}
	}
}

// Help has every flag, in every language.
func TestHelp(t *testing.T) {
	for _, lang := range catalogue.Langs {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"--help", "--lang", string(lang)}, &stdout, &stderr, noEnv); code != 0 || stderr.Len() > 0 {
			t.Errorf("exit status %d, stderr %q", code, stderr.String())
		}
		for _, f := range []string{"--listen", "--allow-origin", "--max-message", "--max-name", "--rate", "--max-members", "--max-rooms", "--handshake-time", "--idle-time"} {
			if !strings.Contains(stdout.String(), f+" ") {
				t.Errorf("%s: %s is not in the help", lang, f)
			}
		}
		for _, value := range []string{" 10s", " 2h", "https://chat.example"} {
			if !strings.Contains(stdout.String(), value) || strings.Contains(stdout.String(), "0m") {
				t.Errorf("%s: no %q in\n%s", lang, value, stdout.String())
			}
		}
	}
}

// The command serves until it is told to end by a signal, and ends with 0.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, self, "--listen", "127.0.0.1:0")
		cmd.Env = append(os.Environ(), "CHATSERVER_TEST_MAIN=1")
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(stdout).ReadString('\n')
		addr, ok := strings.CutPrefix(strings.TrimSpace(line), "chatserver: listening on ")
		if err != nil || !ok {
			t.Fatalf("said %q, %v", line, err)
		}
		resp, err := http.Get("http://" + addr + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 200 || string(body) != "ok\n" {
			t.Errorf("health: %s %q", resp.Status, body)
		}
		cmd.Process.Signal(sig)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan int, 1)
	var stderr bytes.Buffer
	go func() { done <- run(ctx, []string{"--listen", "127.0.0.1:0"}, w, &stderr, noEnv) }()
	if line, err := bufio.NewReader(r).ReadString('\n'); err != nil {
		t.Fatal(line, err)
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("exit status %d, %s", code, stderr.String())
	}
}
