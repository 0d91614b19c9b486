package gateway

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// echo is a handler that sends back what it gets.
type echo struct{ s *Session }

func (e echo) Message(p []byte) { e.s.out.send(appendFrame(nil, finText, p)) }
func (e echo) Closed(string)    {}

// Whatever bytes a client sends, the answer is HTTP, and WebSocket frames only
// after a 101; and the session ends with the connection.
func FuzzSession(f *testing.F) {
	const good = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n"
	f.Add([]byte(good))
	f.Add([]byte(good + "\x81\x82\x00\x00\x00\x00{}\x88\x82\x00\x00\x00\x00\x03\xe8"))
	f.Add([]byte(good + "\x01\x81\x01\x02\x03\x04z\x89\x80\x00\x00\x00\x00\x80\x80\x00\x00\x00\x00"))
	f.Add([]byte(good + "\x82\xfe\x00\x7f1234"))
	f.Add([]byte(good + "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff1234"))
	f.Add([]byte(good + "\x88\x81\x00\x00\x00\x00x"))
	f.Add([]byte("GET /healthz HTTP/1.1\nHost: x\n\n"))
	f.Add([]byte("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\n connection: folded\r\n\r\n"))
	f.Add([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		g := New(Options{MaxMessage: 1 << 12}, func(s *Session, _ *http.Request) Handler { return echo{s} })
		server, client := net.Pipe()
		s := newSession(g, server)
		if !g.add(s) {
			t.Fatal("not added")
		}
		done := make(chan struct{})
		go func() {
			s.serve()
			close(done)
		}()
		var out []byte
		read := make(chan struct{})
		go func() {
			out, _ = io.ReadAll(client)
			close(read)
		}()
		client.SetWriteDeadline(time.Now().Add(time.Minute))
		client.Write(in)
		// A pipe has no half that could be closed: the end of what is sent is a
		// deadline on the other side, after which the server ends the session.
		server.SetReadDeadline(time.Now())
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal("the session does not end")
		}
		<-read
		client.Close()
		if g.Len() != 0 {
			t.Error("the session is not forgotten")
		}
		if len(out) == 0 {
			return
		}
		br := bufio.NewReader(bytes.NewReader(out))
		resp, err := http.ReadResponse(br, nil)
		if err != nil {
			t.Fatalf("%q is no answer: %v", out, err)
		}
		if resp.StatusCode != http.StatusSwitchingProtocols {
			if resp.StatusCode >= 500 && resp.StatusCode != http.StatusHTTPVersionNotSupported {
				t.Errorf("answer %q", out)
			}
			return
		}
		frames, _ := io.ReadAll(br)
		for len(frames) > 0 {
			if frames[0]&0x80 == 0 || len(frames) < 2 || frames[1]&0x80 != 0 || len(frames) < nextFrame(append(frames[:len(frames):len(frames)], make([]byte, 10)...)) {
				t.Fatalf("answer %q ends in %q", out, frames)
			}
			frames = frames[nextFrame(frames):]
		}
	})
}

func TestFrames(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 100000} {
		payload := bytes.Repeat([]byte("x"), n)
		f := appendFrame(nil, finText, payload)
		if nextFrame(f) != len(f) || !bytes.Equal(f[len(f)-n:], payload) {
			t.Errorf("a frame of %d bytes is %d long, and says %d", n, len(f), nextFrame(f))
		}
		two := append(bytes.Clone(f), f...)
		for _, c := range []struct{ n, want int }{{0, 0}, {1, len(f)}, {len(f), len(f)}, {len(f) + 1, 2 * len(f)}, {2 * len(f), 2 * len(f)}} {
			if got := frameEnd(two, 0, c.n); got != c.want {
				t.Errorf("frames of %d: after %d bytes one ends at %d, want %d", n, c.n, got, c.want)
			}
		}
	}
	if f := appendClose(nil, websocket.StatusPolicyViolation, string(bytes.Repeat([]byte("x"), 200))); len(f) != 127 {
		t.Errorf("a Close frame of %d bytes", len(f))
	}
}
