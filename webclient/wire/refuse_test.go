package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// knock sends a handshake with further header lines, and gives the answer's
// status. Nothing more is read, and nothing is closed.
func knock(t *testing.T, addr, more string) (status string, conn net.Conn, in *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /wire HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n%s\r\n", more)
	conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	in = bufio.NewReader(conn)
	line, err := in.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(line)[1], conn, in
}

// However many are refused and stay, this machine's viewer gets in.
func TestRefusedTakeNoPlaces(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	addr := s.Listener.Addr().String()
	got := map[string]int{}
	for range 300 {
		status, _, _ := knock(t, addr, "Host: evil.example\r\n")
		got["local-only "+status]++
		status, _, _ = knock(t, addr, "Host: localhost\r\nOrigin: http://evil.example\r\n")
		got["origin "+status]++
		response, err := http.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		got["no WebSocket "+response.Status[:3]]++
	}
	if got["local-only 101"] == 0 || got["local-only 101"]+got["local-only 403"] != 300 || got["origin 403"] != 300 || got["no WebSocket 426"] != 300 {
		t.Errorf("answers: %v", got)
	}
	if m := look(t, s.URL, "").next(); m.Type != "hello" {
		t.Errorf("this machine's viewer gets %+v", m)
	}
}

// Who is refused and neither reads nor goes is let go of.
func TestRefusalsEnd(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	status, conn, in := knock(t, s.Listener.Addr().String(), "Host: evil.example\r\n")
	if status != "101" {
		t.Fatalf("answered %s", status)
	}
	began := time.Now()
	if _, err := io.Copy(io.Discard, in); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d >= 4*time.Second { // of coder/websocket's five
		t.Errorf("let go of after %v", d)
	}
	conn.Close()
}

// Those that are being refused are bounded, too, and hold up nobody.
func TestRefusalsAreBounded(t *testing.T) {
	w := New(Options{})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	for range maxRefusals {
		w.refusals <- struct{}{}
	}
	if status, _, _ := knock(t, s.Listener.Addr().String(), "Host: evil.example\r\n"); status != "403" {
		t.Errorf("one more is answered %s", status)
	}
	if m := look(t, s.URL, "").next(); m.Type != "hello" {
		t.Errorf("this machine's viewer gets %+v", m)
	}
	<-w.refusals
	if status, _, _ := knock(t, s.Listener.Addr().String(), "Host: evil.example\r\n"); status != "101" {
		t.Errorf("with a place free, one is answered %s", status)
	}
}

// A class that looks on takes no place from this machine.
func TestOthersTakeNoPlaceOfThisMachine(t *testing.T) {
	w := New(Options{Viewers: 1, Share: true})
	s := httptest.NewServer(w)
	defer s.Close()
	defer w.Close()
	other := &websocket.DialOptions{HTTPHeader: http.Header{"X-Forwarded-For": {"192.0.2.9"}}}
	conn, _, err := websocket.Dial(t.Context(), s.URL, other)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if m := (&testViewer{t, conn}).next(); m.Type != "hello" {
		t.Fatalf("another machine's viewer gets %+v", m)
	}
	if _, response, err := websocket.Dial(t.Context(), s.URL, other); err == nil || response.StatusCode != 503 {
		t.Errorf("a second one gets %v", err)
	}
	if m := look(t, s.URL, "").next(); m.Type != "hello" {
		t.Errorf("this machine's viewer gets %+v", m)
	}
}
