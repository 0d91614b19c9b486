package gateway

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Who is closed while their handshake is being answered gets the answer, and is told.
func TestClosedInTheHandshake(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := New(Options{}, func(s *Session, r *http.Request) Handler {
		s.Close(websocket.StatusServiceRestart, r.Header.Get("Why"))
		return echo{s}
	})
	served := make(chan error, 1)
	go func() { served <- g.Serve(t.Context(), ln) }()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\nWhy: a new round\r\n\r\n")
	answer, err := io.ReadAll(c)
	head, frames, _ := strings.Cut(string(answer), "\r\n\r\n")
	if err != nil || !strings.HasPrefix(head, "HTTP/1.1 101 ") || frames != string(appendClose(nil, websocket.StatusServiceRestart, "a new round")) {
		t.Errorf("got %q, %v", answer, err)
	}
	ln.Close()
	if err := <-served; err == nil {
		t.Error("it ends though nobody told it to")
	}
}
