package gateway

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// Session is one client's connection, from the handshake to its end.
type Session struct {
	g       *Gateway
	conn    net.Conn
	handler Handler
	format  atomic.Uint32
	rate    bucket

	heard     atomic.Int64 // when the client last sent anything, ns since start
	heartbeat atomic.Pointer[heartbeat]

	out   outbox
	lanes []*Lane // to flush before more is read
	run   run     // a Lane's notes
}

// start is what times inside the package count from, on the monotonic clock.
var start = time.Now()

func newSession(g *Gateway, conn net.Conn) *Session {
	s := &Session{g: g, conn: conn}
	s.rate.perSecond = g.opts.Rate
	s.out.init(conn, g.opts.QueueBytes)
	s.touch()
	return s
}

// RemoteAddr returns the client's address.
func (s *Session) RemoteAddr() net.Addr { return s.conn.RemoteAddr() }

// SetFormat chooses which of a Post's payloads the session hears, from 0 up to
// Formats-1.
func (s *Session) SetFormat(n int) { s.format.Store(uint32(n)) }

// Close sends a Close frame after what waits, and ends the session. Only the
// first call counts.
func (s *Session) Close(code CloseCode, reason string) {
	if s.out.close(code, reason) {
		// The goroutine that reads wakes up and finishes.
		s.conn.SetReadDeadline(past)
	}
}

var past = time.Unix(1, 0)

// FlushBeforeRead flushes a lane when all that has come from the client is worked
// off and more is to be read. It is for the session's own Handler.
func (s *Session) FlushBeforeRead(l *Lane) {
	if !slices.Contains(s.lanes, l) {
		s.lanes = append(s.lanes, l)
	}
}

func (s *Session) flushLanes() {
	for i, l := range s.lanes {
		l.Flush()
		s.lanes[i] = nil
	}
	s.lanes = s.lanes[:0]
}

func (s *Session) serve() {
	defer s.g.remove(s)
	defer s.conn.Close()
	tune(s.conn)
	ws := s.shakeHands()
	if ws == nil {
		s.finish()
		return
	}
	err := s.readAll(ws)
	s.closeFor(err)
	s.handler.Closed(s.whyEnded(err))
	s.flushLanes()
	ws.CloseNow()
	s.finish()
}

// readAll hands the messages to the handler until there are no more.
func (s *Session) readAll(ws *websocket.Conn) error {
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
			s.Close(CloseInvalidText, "a text message must be UTF-8") // RFC 6455 §8.1
		case !s.rate.take(s.heard.Load()):
			s.Close(ClosePolicy, "too many messages")
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

// closeFor sends the Close frame that an error in what the client sent deserves,
// where coder/websocket has not.
func (s *Session) closeFor(err error) {
	var ne net.Error
	var ce websocket.CloseError
	switch {
	case errors.As(err, &ce), errors.As(err, &ne), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ETIMEDOUT):
		return
	}
	s.out.close(CloseProtocol, "protocol error")
}

func (s *Session) closed() bool {
	closed, _ := s.out.closedFor()
	return closed
}

// whyEnded says in a few words why the session ended, for the log.
func (s *Session) whyEnded(err error) string {
	if closed, why := s.out.closedFor(); closed && why != "" {
		return why
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

// How long a client that is gone, or to go, has to take what waits for it, and
// then to go.
const (
	flushTime  = 2 * time.Second
	lingerTime = time.Second
)

// finish sends what waits, and ends the connection. A socket that is closed
// while there is unread data resets the connection, and the client may then lose
// what was sent last; so what still comes is read, for a while.
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

func (s *Session) touch() { s.heard.Store(int64(time.Since(start))) }

// wire is the connection as coder/websocket sees it. What it writes are control
// frames, each with one Write, since its buffer is larger than any.
type wire struct {
	net.Conn
	s *Session
}

// Read is called when all that had come is worked off.
func (w *wire) Read(p []byte) (int, error) {
	w.s.flushLanes()
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.s.touch()
	}
	return n, err
}

func (w *wire) Write(p []byte) (int, error) {
	w.s.out.control(p)
	return len(p), nil
}

// Close ends reading, and leaves the rest to finish.
func (w *wire) Close() error { return w.Conn.SetReadDeadline(past) }

// Sizes of coder/websocket's buffers: a read holds a dozen short messages, a
// write the longest control frame.
const (
	readBuffer  = 2048
	writeBuffer = 160
)

func (w *wire) buffers(r *bufio.Reader) *bufio.ReadWriter {
	return bufio.NewReadWriter(r, bufio.NewWriterSize(w, writeBuffer))
}
