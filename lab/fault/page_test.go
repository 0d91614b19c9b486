package fault_test

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"chatlab/sniffer/dissect"
	"chatlab/webclient/browsertest"
)

// What a browser of today tells its page when a fault's server is its server: what
// the faults' texts say of it. The page sends "login" as soon as it may, and every
// case ends with its close event. The server writes its bytes by hand, as a library
// does nothing wrong.
func TestPage(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer page.Close()
	chromium := browsertest.Start(t)
	chromium, cancel := context.WithTimeout(chromium, time.Minute)
	defer cancel()
	if err := chromedp.Do(chromium, chromedp.Navigate(page.URL)); err != nil {
		t.Fatal(err)
	}
	const failed, bye = "close 1006 '' false", "close 1000 '' true"
	for _, c := range []struct {
		name   string
		answer func(*peer)
		want   []string
	}{
		{"bad-accept", func(p *peer) {
			p.write(switching(dissect.Accept("another key")))
			p.gone()
		}, []string{"error", failed}},
		{"wrong-version", func(p *peer) {
			p.write("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			p.gone()
		}, []string{"error", failed}},
		// RFC 6455 §7.2.1 has a client fail a connection that is lost, and a browser
		// that fails one owes its page an error event (WHATWG WebSockets, "When the
		// WebSocket connection is closed"). Chromium leaves it out.
		{"rst", func(p *peer) {
			p.open()
			p.keep(p.conn.SetLinger(0)) // so that Close resets
		}, []string{"open", failed}},
		{"a FIN without a Close", func(p *peer) {
			p.open()
		}, []string{"open", failed}},
		// No browser leaves the mask out; this is what its page would hear. A server that
		// does not wait for its Close may reset the connection, and then it is not clean.
		{"no-mask", func(p *peer) {
			p.open()
			p.write(frame(dissect.Close, "\x03\xea"))
			p.keep(p.conn.CloseWrite())
			p.expect(dissect.Close, "\x03\xea")
			p.gone()
		}, []string{"open", "close 1002 '' true"}},
		{"close", func(p *peer) {
			p.open()
			p.write(frame(dissect.Text, "leave"))
			p.expect(dissect.Close, "\x03\xe8bye")
			p.write(frame(dissect.Close, "\x03\xe8bye"))
		}, []string{"open", "message leave", "close 1000 'bye' true"}},
		{"ping", func(p *peer) {
			p.open()
			p.write(frame(dissect.Ping, "are you there?"))
			p.expect(dissect.Pong, "are you there?")
			p.end()
		}, []string{"open", bye}},
		{"split-frame", func(p *peer) {
			p.open()
			f := frame(dissect.Text, "in two segments")
			// Who has answered the Ping has read what was behind it in its segment.
			p.write(frame(dissect.Ping, "") + f[:7])
			p.expect(dissect.Pong, "")
			p.write(f[7:])
			p.end()
		}, []string{"open", "message in two segments", bye}},
		{"two-frames-in-one-segment", func(p *peer) {
			p.open()
			p.write(frame(dissect.Text, "one") + frame(dissect.Text, "two"))
			p.end()
		}, []string{"open", "message one", "message two", bye}},
		{"big-frame", func(p *peer) {
			p.open()
			for _, n := range []int{200, 65_600} {
				p.write(frame(dissect.Text, strings.Repeat("a", n)))
				p.expect(dissect.Text, strings.Repeat("a", n))
			}
			p.end()
		}, []string{"open", "message of 200", "message of 65600", bye}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if told := visit(t, chromium, c.answer); !slices.Equal(told, c.want) {
				t.Errorf("the page was told\n%q, not\n%q", told, c.want)
			}
		})
	}
}

// visit opens a WebSocket in the page, has answer behave as its server, and says
// what the page was told, in order.
func visit(t *testing.T, chromium context.Context, answer func(*peer)) []string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	served := make(chan error, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			served <- err
			return
		}
		defer conn.Close()
		p := &peer{conn: conn.(*net.TCPConn), r: bufio.NewReader(conn)}
		p.keep(conn.SetDeadline(time.Now().Add(10 * time.Second)))
		request, err := http.ReadRequest(p.r)
		if p.keep(err); err == nil {
			p.key = request.Header.Get("Sec-WebSocket-Key")
			answer(p)
		}
		served <- p.err
	}()
	told, err := chromedp.Run(chromium, chromedp.Evaluate[[]string](fmt.Sprintf(`new Promise((done) => {
		const told = [], ws = new WebSocket("ws://%s/");
		ws.onopen = () => { told.push("open"); ws.send("login"); };
		ws.onmessage = ({data}) => {
			if (data === "leave") ws.close(1000, "bye");
			if (data.length >= 200) ws.send(data);
			told.push("message " + (data.length < 200 ? data : "of " + data.length));
		};
		ws.onerror = () => told.push("error");
		ws.onclose = (e) => { told.push("close " + e.code + " '" + e.reason + "' " + e.wasClean); done(told); };
	})`, ln.Addr()), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Error("the server:", err)
	}
	return told
}

// peer is a server with one browser. It keeps the first thing that went wrong.
type peer struct {
	conn *net.TCPConn
	r    *bufio.Reader
	key  string
	err  error
}

func (p *peer) keep(err error) { p.err = cmp.Or(p.err, err) }

func (p *peer) write(s string) {
	_, err := io.WriteString(p.conn, s)
	p.keep(err)
}

// open agrees to the upgrade and waits for the page's login.
func (p *peer) open() {
	p.write(switching(dissect.Accept(p.key)))
	p.expect(dissect.Text, "login")
}

// end closes the connection as RFC 6455 §7 has it.
func (p *peer) end() {
	p.write(frame(dissect.Close, "\x03\xe8"))
	p.expect(dissect.Close, "\x03\xe8")
}

// gone waits until the browser ends the connection, without another byte: a Close
// neither.
func (p *peer) gone() {
	if b, err := io.ReadAll(p.r); err != nil || len(b) > 0 {
		p.keep(fmt.Errorf("the browser sends % x, %v", b, err))
	}
}

// expect reads a frame of the browser's, which is whole and masked.
func (p *peer) expect(opcode dissect.Opcode, want string) {
	var h dissect.FrameHeader
	for n := 2; h.Size == 0 && p.err == nil; n++ {
		b, err := p.r.Peek(n)
		p.keep(err)
		h = dissect.ParseFrameHeader(b)
	}
	_, err := p.r.Discard(h.Size)
	p.keep(err)
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(p.r, payload)
	p.keep(err)
	dissect.Mask(payload, h.Key, 0)
	if !h.Fin || !h.Masked || h.Opcode != opcode || string(payload) != want {
		p.keep(fmt.Errorf("a frame %+v with %.40q, not %v with %.40q", h, payload, opcode, want))
	}
}

// frame is a server's frame, whole and not masked.
func frame(opcode dissect.Opcode, payload string) string {
	return string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: opcode}, []byte(payload)))
}

// switching is the response that agrees to the upgrade (RFC 6455 §4.2.2).
func switching(accept string) string {
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n"
}
