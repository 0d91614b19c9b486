package gateway

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// maxRequest bounds the handshake's request, in bytes.
const maxRequest = 16 << 10

// handshake answers the client's request. It returns nil if that was no valid
// WebSocket handshake (RFC 6455 §4.2.1).
func (s *Session) handshake() *websocket.Conn {
	if t := s.g.opts.HandshakeTime; t > 0 {
		s.conn.SetReadDeadline(time.Now().Add(t))
	}
	limited := &io.LimitedReader{R: s.conn, N: maxRequest}
	br := bufio.NewReaderSize(limited, readBuffer)
	r, err := http.ReadRequest(br)
	w := &responder{s: s, br: br, header: make(http.Header)}
	if err != nil {
		s.refuseMalformed(w, err, limited.N == 0)
		return nil
	}
	if s.g.opts.HandshakeTime > 0 {
		s.conn.SetReadDeadline(time.Time{})
	}
	w.request = r
	if s.serveHTTP(w, r) {
		return nil
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // checkOrigin has checked it
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     s.onPing,
	})
	if err != nil {
		s.logRefusal(w.status, err.Error())
		return nil
	}
	limit := s.g.opts.MaxMessage
	if limit == 0 {
		limit = -1
	}
	ws.SetReadLimit(limit)
	return ws
}

// serveHTTP answers a request that is not to become a WebSocket. It reports
// whether it has answered.
func (s *Session) serveHTTP(w *responder, r *http.Request) bool {
	upgrade := hasToken(r.Header, "Upgrade", "websocket")
	origin := s.checkOrigin(r)
	switch {
	case r.URL.Path == "/healthz" && !upgrade:
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.header.Set("Allow", "GET, HEAD")
			s.refuse(w, http.StatusMethodNotAllowed, "only GET and HEAD")
			return true
		}
		w.headOnly = r.Method == http.MethodHead
		http.Error(w, "ok", http.StatusOK)
	case !r.ProtoAtLeast(1, 1) || r.ProtoMajor > 1:
		s.refuse(w, http.StatusHTTPVersionNotSupported, "HTTP/1.1 is needed")
	case r.Host == "":
		s.refuse(w, http.StatusBadRequest, "no Host header")
	case !upgrade || !hasToken(r.Header, "Connection", "upgrade"):
		w.header.Set("Connection", "Upgrade, close")
		w.header.Set("Upgrade", "websocket")
		s.refuse(w, http.StatusUpgradeRequired, "this is a WebSocket server"+s.g.opts.Hint)
	case r.Method != http.MethodGet:
		w.header.Set("Allow", "GET")
		s.refuse(w, http.StatusMethodNotAllowed, "only GET")
	case r.ContentLength != 0 || r.Body != http.NoBody:
		s.refuse(w, http.StatusBadRequest, "a handshake has no body")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		// RFC 6455 §4.4
		w.header.Set("Sec-WebSocket-Version", "13")
		s.refuse(w, http.StatusUpgradeRequired, "WebSocket version 13 is needed")
	case origin != nil:
		s.refuse(w, http.StatusForbidden, origin.Error())
	case s.g.full():
		w.header.Set("Retry-After", "10")
		s.refuse(w, http.StatusServiceUnavailable, "no room for one more connection")
	default:
		return false
	}
	return true
}

func (s *Session) checkOrigin(r *http.Request) error {
	origins := r.Header.Values("Origin")
	switch {
	case s.g.opts.Origin == nil || len(origins) == 0:
		return nil
	case len(origins) > 1:
		return errors.New("more than one Origin header")
	}
	return s.g.opts.Origin(r, origins[0])
}

func (s *Session) refuseMalformed(w *responder, err error, tooLong bool) {
	switch {
	case tooLong:
		s.refuse(w, http.StatusRequestHeaderFieldsTooLarge, "the request is longer than "+strconv.Itoa(maxRequest)+" bytes")
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.refuse(w, http.StatusRequestTimeout, "no whole request in time")
	case errors.Is(err, io.EOF): // connected and closed, as a port scan does
	default:
		s.refuse(w, http.StatusBadRequest, "not an HTTP request")
	}
}

func (s *Session) refuse(w *responder, status int, why string) {
	http.Error(w, why, status)
	s.logRefusal(status, why)
}

func (s *Session) logRefusal(status int, why string) {
	s.g.log.Info("refused", s.From(), "status", status, "why", why)
}

// onPing reports whether to answer a ping. Pings count as messages, as each costs
// an answer.
func (s *Session) onPing(context.Context, []byte) bool {
	if s.allow() {
		return true
	}
	s.Close(websocket.StatusPolicyViolation, "too many pings")
	return false
}
