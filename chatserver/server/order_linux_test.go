package server

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stamped is a client that knows when the kernel got each segment.
type stamped struct {
	*raw
	fd int
}

func (c *raw) stamp() *stamped {
	rc, err := c.conn.SyscallConn()
	if err != nil {
		c.t.Fatal(err)
	}
	s := &stamped{raw: c}
	rc.Control(func(fd uintptr) {
		s.fd = int(fd)
		err = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW,
			unix.SOF_TIMESTAMPING_RX_SOFTWARE|unix.SOF_TIMESTAMPING_SOFTWARE)
	})
	if err != nil {
		c.t.Skip("no timestamps for what comes:", err)
	}
	return s
}

// segment reads what one segment brought, and when.
func (s *stamped) segment() (text string, at time.Duration) {
	s.t.Helper()
	b, oob := make([]byte, 4096), make([]byte, 256)
	s.conn.SetReadDeadline(time.Now().Add(limit))
	rc, _ := s.conn.SyscallConn()
	var n, on int
	var err error
	rc.Read(func(uintptr) bool {
		n, on, _, _, err = unix.Recvmsg(s.fd, b, oob, unix.MSG_DONTWAIT)
		return err != unix.EAGAIN
	})
	if err != nil || n == 0 {
		s.t.Fatalf("%d bytes, %v", n, err)
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:on])
	if err != nil || len(msgs) == 0 {
		s.t.Skip("the kernel gives no timestamps")
	}
	sec := binary.NativeEndian.Uint64(msgs[0].Data)
	nsec := binary.NativeEndian.Uint64(msgs[0].Data[8:])
	return string(b[:n]), time.Duration(sec)*time.Second + time.Duration(nsec)
}

// tcpInfo is what the kernel counts of a connection.
func tcpInfo(t *testing.T, c *net.TCPConn) *unix.TCPInfo {
	t.Helper()
	rc, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *unix.TCPInfo
	rc.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) })
	if err != nil || unsafe.Sizeof(*info) < 150 {
		t.Skip("no TCP_INFO:", err)
	}
	return info
}

// segments returns how many segments with data the socket has got.
func (s *stamped) segments() int { return int(tcpInfo(s.t.(*testing.T), s.conn).Data_segs_in) }

// kept is a listener that keeps what it accepts, by the client's address.
type kept struct {
	net.Listener
	conns sync.Map // *net.TCPConn
}

func (k *kept) Accept() (net.Conn, error) {
	c, err := k.Listener.Accept()
	if err == nil {
		k.conns.Store(c.RemoteAddr().String(), c)
	}
	return c, err
}

// sent returns how many segments with data the server has sent to a client, but
// for what the kernel sent again: it does when a busy machine delays the
// acknowledgement.
func (k *kept) sent(t *testing.T, c *stamped) int {
	t.Helper()
	conn, ok := k.conns.Load(c.conn.LocalAddr().String())
	if !ok {
		t.Fatal("the server does not know", c.conn.LocalAddr())
	}
	info := tcpInfo(t, conn.(*net.TCPConn))
	return int(info.Data_segs_out) - int(info.Total_retrans)
}

// With nothing waiting each message is one segment to each member, to the sender
// first, and then to the others in the order they joined: a thousand times.
func TestOrderOnTheWire(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &kept{Listener: ln}
	addr, stop := serveOn(server, Options{})
	keepUntilEnd(t, addr, stop)
	var all []*stamped
	for i := range 4 {
		c := login(t, addr, fmt.Sprint(i)).stamp()
		for _, other := range all {
			other.hear()
		}
		all = append(all, c)
	}
	for _, c := range all {
		if c.br.Buffered() > 0 {
			t.Fatal("there is more to hear")
		}
	}
	var before []int
	for _, c := range all {
		before = append(before, server.sent(t, c))
	}
	const rounds = 1000
	for round := range rounds {
		speaker := all[round%len(all)]
		speaker.say(`{"type":"say","to_uid":"all","content":"%d"}`, round)
		text, last := speaker.segment()
		if !strings.Contains(text, fmt.Sprintf(`"content":"%d"`, round)) {
			t.Fatalf("round %d: heard %q", round, text)
		}
		for i, c := range all {
			if c == speaker {
				continue
			}
			got, at := c.segment()
			if got != text {
				t.Fatalf("round %d: %d heard %q, the speaker %q", round, i, got, text)
			}
			if at <= last {
				t.Fatalf("round %d: %d heard it %v before who should hear it earlier", round, i, last-at)
			}
			last = at
		}
	}
	for i, c := range all {
		if n := server.sent(t, c) - before[i]; n != rounds {
			t.Errorf("%d was sent %d segments for %d messages", i, n, rounds)
		}
	}
}

// A newcomer of 2014 gets the list and its own login in two segments, and both
// before the others hear of it.
func TestLoginOnTheWire(t *testing.T) {
	addr := serve(t, Options{})
	watch := login(t, addr, "watch").stamp()
	for range 200 {
		c := dial(t, addr).stamp()
		before := c.segments()
		c.say(`{"type":"login","name":"x"}`)
		told, at := watch.segment()
		if !strings.Contains(told, `"type":"login"`) {
			t.Fatalf("heard %q", told)
		}
		var mine time.Duration
		var text string
		for !strings.Contains(text, `"type":"login"`) {
			var more string
			more, mine = c.segment()
			text += more
		}
		if at <= mine {
			t.Fatal("the room heard the login before who logged in")
		}
		if n := c.segments() - before; n < 2 {
			t.Fatalf("%d segments, %q", n, text)
		}
		c.conn.Close()
		if told, _ := watch.segment(); !strings.Contains(told, "logout") {
			t.Fatalf("heard %q", told)
		}
	}
}
