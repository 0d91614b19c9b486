package gateway

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// responder is the http.ResponseWriter that coder/websocket answers through. That
// of net/http sorts the headers and spells one of them Sec-Websocket-Accept. The
// documented response has them in the order and spelling written here.
type responder struct {
	s        *Session
	br       *bufio.Reader
	request  *http.Request
	header   http.Header
	status   int
	headOnly bool // HEAD: no body is sent
}

// Header implements http.ResponseWriter.
func (w *responder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter. The status 101 is written by
// Hijack.
func (w *responder) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter. It sends the whole response, as each body
// is written with one call here.
func (w *responder) Write(body []byte) (int, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", w.status, http.StatusText(w.status))
	w.header.Set("Content-Length", strconv.Itoa(len(body)))
	if w.header.Get("Connection") == "" || w.status != http.StatusUpgradeRequired {
		w.header.Set("Connection", "close")
	}
	w.header.Write(&b)
	b.WriteString("\r\n")
	if !w.headOnly {
		b.Write(body)
	}
	w.s.out.sendResponse(b.Bytes(), false)
	return len(body), nil
}

// Hijack implements http.Hijacker. It answers the handshake and hands the
// connection to coder/websocket.
func (w *responder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	s := w.s
	s.handler = s.g.open(s, w.request)
	s.out.sendResponse([]byte("HTTP/1.1 101 Switching Protocols\r\n"+
		"Upgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\n"+
		"Connection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+w.header.Get("Sec-WebSocket-Accept")+"\r\n"+
		"\r\n"), true)
	c := &libraryConn{Conn: s.conn, s: s}
	return c, c.buffers(w.br), nil
}

// hasToken reports whether token is in a header whose values are lists separated
// by commas. Case does not matter (RFC 9110 §5.6.1, §7.8).
func hasToken(h http.Header, name, token string) bool {
	for _, v := range h.Values(name) {
		for t := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(t), token) {
				return true
			}
		}
	}
	return false
}
