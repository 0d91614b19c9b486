package wire

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// A refused viewer is told why and has refusalTime to close. So many at a time are
// told; further ones get a 403, whose body a browser keeps from its page.
const (
	maxRefusals = 64
	refusalTime = time.Second
)

// refuse tells a viewer why it is not shown the packets: "local-only", as it is not
// on this machine, or "by-name", as it asked for a name that is not this machine's.
func (w *Wire) refuse(rw http.ResponseWriter, r *http.Request, why string) {
	select {
	case w.refusals <- struct{}{}:
		defer func() { <-w.refusals }()
	default:
		http.Error(rw, "the packets are not shown to you: "+why, http.StatusForbidden)
		return
	}
	h := &hijack{ResponseWriter: rw}
	conn, err := websocket.Accept(h, r, acceptOptions(r))
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	// Close would wait five seconds for the peer's Close frame.
	h.conn.SetDeadline(time.Now().Add(refusalTime))
	v := &viewer{wire: w, conn: conn}
	if v.send(context.Background(), refusal{why}) == nil {
		conn.Close(websocket.StatusPolicyViolation, why)
	}
}

// hijack keeps the connection that it hands over.
type hijack struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack implements http.Hijacker.
func (h *hijack) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.conn = conn
	return conn, rw, err
}
