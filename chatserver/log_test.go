package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience is for what must come.
const patience = 30 * time.Second

// program starts the command itself, on a free port and without a rate. What
// stdout is nil is read for the address.
func program(t *testing.T, stdout, stderr *os.File) (addr string, cmd *exec.Cmd) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(self, "--listen", "127.0.0.1:0", "--rate", "0")
	cmd.Env = append(os.Environ(), "CHATSERVER_TEST_MAIN=1")
	cmd.Stdout, cmd.Stderr = stdout, stderr
	out := stdout
	if stdout == nil {
		r, w := pipe(t)
		cmd.Stdout, out = w, r
		defer w.Close()
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	if stdout != nil {
		return "", cmd
	}
	return address(t, bufio.NewReader(out)), cmd
}

func address(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "chatserver: listening on ")
	if !ok {
		t.Fatalf("said %q, %v", line, err)
	}
	return addr
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		w.Close()
	})
	return r, w
}

// terminate sends SIGTERM and wants the exit status 0, in the time that the
// server gives its members and its log.
func terminate(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("ends with %v", err)
		}
	case <-time.After(patience):
		t.Error("does not end")
	}
}

// member is somebody in the chat.
type member struct {
	t    *testing.T
	conn *websocket.Conn
}

// join joins the chat, and gets the welcome.
func join(t *testing.T, addr, name string) member {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	m := member{t, conn}
	m.send(fmt.Sprintf(`{"type":"login","name":%q}`, name))
	m.hear(`"type":"user_list"`)
	return m
}

func (m member) send(text string) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	if err := m.conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		m.t.Fatal(err)
	}
}

// hear reads until a message comes that has text in it.
func (m member) hear(text string) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	for {
		_, got, err := m.conn.Read(ctx)
		if err != nil {
			m.t.Fatalf("waiting for %s: %v", text, err)
		}
		if strings.Contains(string(got), text) {
			return
		}
	}
}

// chats has members join, say more junk than a pipe holds lines about, and chat.
func chats(t *testing.T, addr string) {
	t.Helper()
	a := join(t, addr, "a")
	for range 700 {
		a.send("junk")
	}
	a.send(`{"type":"say","to_uid":"all","content":"after the junk"}`)
	a.hear("after the junk")
	b := join(t, addr, "b")
	b.send(`{"type":"say","to_uid":"all","content":"hi"}`)
	a.hear(`"content":"hi"`)
	b.conn.CloseNow()
	a.hear(`"type":"logout"`)
}

// A log that nobody reads holds nobody, and does not keep the server from ending.
func TestUnreadLog(t *testing.T) {
	_, w := pipe(t)
	addr, cmd := program(t, nil, w)
	chats(t, addr)
	terminate(t, cmd)
}

// Neither does a reader that goes away end it: chatserver 2>&1 | head -1.
func TestReaderGoesAway(t *testing.T) {
	r, w := pipe(t)
	_, cmd := program(t, w, w)
	w.Close()
	addr := address(t, bufio.NewReader(r))
	r.Close()
	chats(t, addr)
	terminate(t, cmd)
}

// stopped is a terminal on which each line still arrives and then all stands.
type stopped chan string

func (s stopped) Write(p []byte) (int, error) {
	s <- string(p)
	select {}
}

// The line that says where it listens holds nothing up either.
func TestStoppedFromTheFirstLine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stdout, stderr := make(stopped), make(stopped)
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--rate", "0"}, stdout, stderr, noEnv) }()
	addr := address(t, bufio.NewReader(strings.NewReader(<-stdout)))
	response, err := (&http.Client{Timeout: patience}).Get("http://" + addr + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	chats(t, addr)
	cancel()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("exit status %d", code)
		}
	case <-time.After(patience):
		t.Error("does not end")
	}
}
