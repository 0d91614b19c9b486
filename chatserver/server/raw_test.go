package server

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that stands until it is set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

var shanghai = time.FixedZone("CST", 8*60*60)

// serve starts a server for the test, and returns its address.
func serve(t testing.TB, opts Options) string {
	addr, stop := serveUntil(t, opts)
	return keepUntilEnd(t, addr, stop)
}

func serveUntil(t testing.TB, opts Options) (addr string, stop func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(ln, opts)
}

func serveOn(ln net.Listener, opts Options) (addr string, stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- New(opts).Serve(ctx, ln) }()
	return ln.Addr().String(), func() error {
		cancel()
		return <-done
	}
}

// smallBuffers is a listener whose connections' kernel holds little, so that a
// reader is slow before megabytes are sent.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn.(*net.TCPConn).SetWriteBuffer(32 << 10)
	}
	return conn, err
}

// serveSmall is serveUntil with small buffers.
func serveSmall(t testing.TB, opts Options) (addr string, stop func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(smallBuffers{ln}, opts)
}

// small is serve with small buffers.
func small(t testing.TB, opts Options) string {
	t.Helper()
	addr, stop := serveSmall(t, opts)
	return keepUntilEnd(t, addr, stop)
}

// keepUntilEnd stops a server at the test's end.
func keepUntilEnd(t testing.TB, addr string, stop func() error) string {
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return addr
}

// peer is a client that sees and sends bytes.
type peer struct {
	t    testing.TB
	rw   net.Conn
	br   *bufio.Reader
	head string // the answer to its handshake
}

// raw is a peer at a socket.
type raw struct {
	peer
	conn *net.TCPConn
}

const request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" +
	"Origin: http://127.0.0.1:55151\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n"

// limit is for what must come: long enough for a machine that is busy with
// something else.
const limit = time.Minute

// dial connects and shakes hands.
func dial(t testing.TB, addr string) *raw {
	t.Helper()
	c := connect(t, addr)
	c.write([]byte(request))
	c.readHead()
	return c
}

func connect(t testing.TB, addr string) *raw {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &raw{peer{t: t, rw: conn, br: bufio.NewReader(conn)}, conn.(*net.TCPConn)}
}

func (c *peer) write(b []byte) {
	c.t.Helper()
	if _, err := c.rw.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

func (c *peer) readHead() {
	c.t.Helper()
	c.rw.SetReadDeadline(time.Now().Add(limit))
	var b strings.Builder
	for !strings.HasSuffix(b.String(), "\r\n\r\n") {
		line, err := c.br.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			c.t.Fatalf("answer %q: %v", b.String(), err)
		}
	}
	c.head = b.String()
}

// say sends a text message, masked.
func (c *peer) say(format string, args ...any) {
	c.t.Helper()
	c.write(mask(0x81, fmt.Sprintf(format, args...)))
}

func mask(first byte, payload string) []byte {
	key := [4]byte{0x3c, 0x31, 0x37, 0x44}
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = append(b, key[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^key[i%4])
	}
	return b
}

// frame reads one frame.
func (c *peer) frame() (first byte, payload string, err error) {
	c.rw.SetReadDeadline(time.Now().Add(limit))
	var h [2]byte
	if _, err = io.ReadFull(c.br, h[:]); err != nil {
		return 0, "", err
	}
	n := int(h[1])
	switch n {
	case 126:
		var l [2]byte
		_, err = io.ReadFull(c.br, l[:])
		n = int(binary.BigEndian.Uint16(l[:]))
	case 127:
		var l [8]byte
		_, err = io.ReadFull(c.br, l[:])
		n = int(binary.BigEndian.Uint64(l[:]))
	}
	if err != nil {
		return 0, "", err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(c.br, b)
	return h[0], string(b), err
}

// hear reads the next text message.
func (c *peer) hear() string {
	c.t.Helper()
	first, payload, err := c.frame()
	if err != nil {
		c.t.Fatal(err)
	}
	if first != 0x81 {
		c.t.Fatalf("frame %#x %q instead of a text message", first, payload)
	}
	return payload
}

// want fails the test if the next messages are others.
func (c *peer) want(messages ...string) {
	c.t.Helper()
	for _, m := range messages {
		if got := c.hear(); got != m {
			c.t.Fatalf("heard %s\n want %s", got, m)
		}
	}
}

// closed reads up to a Close frame and returns its code and reason; 1006 if the
// connection ends without one.
func (c *peer) closed() (code int, reason string) {
	c.t.Helper()
	for {
		first, payload, err := c.frame()
		switch {
		case err == io.EOF:
			return 1006, ""
		case err != nil:
			c.t.Fatal(err)
		case first == 0x88 && len(payload) >= 2:
			return int(binary.BigEndian.Uint16([]byte(payload))), payload[2:]
		case first == 0x88:
			return 1005, ""
		}
	}
}

// eof fails the test if anything more comes.
func (c *peer) eof() {
	c.t.Helper()
	if first, payload, err := c.frame(); err != io.EOF {
		c.t.Fatalf("frame %#x %q, %v instead of the end", first, payload, err)
	}
}
