package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

// Session is one client's connection, from the handshake to its end.
type Session struct {
	g       *Gateway
	conn    net.Conn
	handler Handler
	format  atomic.Uint32
	limiter *rate.Limiter // of messages and pings

	lastRead  atomic.Int64 // when the client last sent anything, ns since start
	heartbeat atomic.Pointer[heartbeat]

	out     sendQueue
	fanouts []*Fanout // to flush before more is read
	unsent  unsent    // used by the batch that is being written
}

// start is what times inside the package count from, on the monotonic clock.
var start = time.Now()

func newSession(g *Gateway, conn net.Conn) *Session {
	limit := rate.Inf
	if g.opts.Rate > 0 {
		limit = rate.Limit(g.opts.Rate)
	}
	s := &Session{g: g, conn: conn, limiter: rate.NewLimiter(limit, 2*g.opts.Rate)}
	s.out.init(conn, g.opts.QueueBytes)
	s.markRead()
	return s
}

// Remote returns the client's address as the connection has it. It is the zero value if
// that is none of TCP.
func (s *Session) Remote() netip.AddrPort {
	addr, ok := s.conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	a := addr.AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// From says in a log where the client is: "from" is its true address, and "via" that of
// the connection, where it is another.
func (s *Session) From() slog.Attr {
	if s.g.opts.Peer != nil {
		remote := s.Remote()
		if peer := s.g.opts.Peer(remote); peer != remote {
			return slog.Group("", "from", peer, "via", remote)
		}
	}
	return slog.Any("from", s.conn.RemoteAddr())
}

// SetFormat chooses which of a Broadcast's payloads the session gets, from 0 up to
// Formats-1.
func (s *Session) SetFormat(n int) { s.format.Store(uint32(n)) }

// Close sends a Close frame after what is queued, and ends the session. Only the
// first call counts.
func (s *Session) Close(code websocket.StatusCode, reason string) {
	if s.out.close(code, reason) {
		// The deadline wakes the goroutine that reads, which then finishes.
		s.conn.SetReadDeadline(past)
	}
}

var past = time.Unix(1, 0)

// FlushBeforeRead flushes f when all messages that have come from the client are
// handled and more is to be read. It is for the session's own Handler.
func (s *Session) FlushBeforeRead(f *Fanout) {
	if !slices.Contains(s.fanouts, f) {
		s.fanouts = append(s.fanouts, f)
	}
}

func (s *Session) flushFanouts() {
	for i, f := range s.fanouts {
		f.Flush()
		s.fanouts[i] = nil
	}
	s.fanouts = s.fanouts[:0]
}

func (s *Session) serve() {
	defer s.g.remove(s)
	defer s.conn.Close()
	detectDeadPeer(s.conn)
	ws := s.handshake()
	if ws == nil {
		s.finish()
		return
	}
	err := s.readMessages(ws)
	s.closeOnError(err)
	s.handler.Closed(s.endReason(err))
	s.flushFanouts()
	ws.CloseNow()
	s.finish()
}

// readMessages hands messages to the handler until reading fails.
func (s *Session) readMessages(ws *websocket.Conn) error {
	for {
		if s.closed() {
			return errClosed
		}
		typ, r, err := ws.Reader(context.Background())
		if err != nil {
			return err
		}
		buf := buffers.Get().(*[]byte)
		*buf, err = readMessage((*buf)[:0], r)
		switch {
		case err != nil:
		case typ == websocket.MessageText && !utf8.Valid(*buf):
			s.Close(websocket.StatusInvalidFramePayloadData, "a text message must be UTF-8") // RFC 6455 §8.1
		case !s.allow():
			s.Close(websocket.StatusPolicyViolation, "too many messages")
		case !s.closed():
			s.handler.Message(*buf)
		}
		if cap(*buf) <= 64<<10 {
			buffers.Put(buf)
		}
		if err != nil {
			return err
		}
	}
}

var errClosed = errors.New("closed by the server")

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

func readMessage(b []byte, r io.Reader) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// allow reports whether the client may send one more message or ping now. The time
// is that of the last read, which costs no system call.
func (s *Session) allow() bool {
	return s.limiter.AllowN(start.Add(time.Duration(s.lastRead.Load())), 1)
}

// closeOnError sends the Close frame for an error in what the client sent, where
// coder/websocket has not sent one.
func (s *Session) closeOnError(err error) {
	var ne net.Error
	var ce websocket.CloseError
	switch {
	case errors.As(err, &ce), errors.As(err, &ne), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ETIMEDOUT):
		return
	}
	s.out.close(websocket.StatusProtocolError, "protocol error")
}

func (s *Session) closed() bool {
	closed, _ := s.out.closeReason()
	return closed
}

// endReason says in a few words why the session ended, for the log.
func (s *Session) endReason(err error) string {
	if closed, reason := s.out.closeReason(); closed && reason != "" {
		return reason
	}
	var ce websocket.CloseError
	var lost *net.OpError
	switch {
	case errors.As(err, &ce):
		return fmt.Sprintf("closed by the client with %d", ce.Code)
	case errors.Is(err, websocket.ErrMessageTooBig):
		return "too long a message"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "gone without a word"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.As(err, &lost):
		return "connection lost"
	}
	return "protocol error"
}

const (
	flushTime  = 2 * time.Second // for the client to read what is queued
	lingerTime = time.Second     // and then to close its side
)

// finish sends what is queued, and ends the connection. Closing a socket that has
// unread data resets the connection (RFC 2525 §2.17), and the client may then lose
// what was sent last. So what still comes is read and discarded for a while.
func (s *Session) finish() {
	s.out.flush(flushTime)
	if c, ok := s.conn.(interface{ CloseWrite() error }); !ok || c.CloseWrite() != nil {
		return
	}
	s.conn.SetReadDeadline(time.Now().Add(lingerTime))
	var discarded [512]byte
	for {
		if _, err := s.conn.Read(discarded[:]); err != nil {
			return
		}
	}
}

func (s *Session) markRead() { s.lastRead.Store(int64(time.Since(start))) }
