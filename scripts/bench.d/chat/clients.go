package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/dissect"
)

// client is one member: a socket, and the part of a frame that has come.
type client struct {
	fd       int
	part     []byte
	id       string // client_id
	received int    // says
	polled   bool
	gone     bool
}

// clients are a room's members. One thread serves them with epoll and as little work
// as possible, as the servers need the machine's processors, too.
type clients struct {
	epoll  int
	all    []*client
	buf    []byte
	events []unix.EpollEvent
	// Called, if not nil, with what comes.
	onSay    func(c *client, payload []byte)
	onLogout func(c *client)
}

func newClients() (*clients, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	return &clients{epoll: ep, buf: make([]byte, 256<<10), events: make([]unix.EpollEvent, 1024)}, err
}

func (cs *clients) close() {
	for _, c := range cs.all {
		unix.Close(c.fd)
	}
	unix.Close(cs.epoll)
}

func sockaddr(addr string) (unix.Sockaddr, error) {
	var port int
	if _, err := fmt.Sscanf(addr, "127.0.0.1:%d", &port); err != nil {
		return nil, err
	}
	return &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}, nil
}

const handshake = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: zPDr6m4czzUdOFnsxIUEAw==\r\n\r\n"

// connect adds a connection and makes its handshake.
func (cs *clients) connect(addr string) (*client, error) {
	sa, err := sockaddr(addr)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Connect(fd, sa); err != nil {
		return nil, err
	}
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	c := &client{fd: fd}
	cs.all = append(cs.all, c)
	if err := c.write([]byte(handshake)); err != nil {
		return nil, err
	}
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		n, err := unix.Read(fd, cs.buf)
		if n <= 0 {
			return nil, fmt.Errorf("handshake: %q, %v", head, err)
		}
		head = append(head, cs.buf[:n]...)
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101")) {
		return nil, fmt.Errorf("handshake: %q", head)
	}
	return c, nil
}

// join connects n members to room 1, and waits until nothing more comes of that.
func (cs *clients) join(addr string, n int) error {
	for i := range n {
		c, err := cs.connect(addr)
		if err != nil {
			return err
		}
		if err := cs.poll(c, i); err != nil {
			return err
		}
		if err := c.write(masked(fmt.Appendf(nil, `{"type":"login","client_name":"member%04d","room_id":1}`, i))); err != nil {
			return err
		}
		for deadline := time.Now().Add(10 * time.Second); c.id == ""; {
			if time.Now().After(deadline) {
				return errors.New("no answer to a login")
			}
			if _, err := cs.wait(1000); err != nil {
				return err
			}
		}
	}
	for {
		if n, err := cs.wait(300); n == 0 || err != nil {
			return err
		}
	}
}

func (cs *clients) poll(c *client, i int) error {
	if err := unix.SetNonblock(c.fd, true); err != nil {
		return err
	}
	c.polled = true
	return unix.EpollCtl(cs.epoll, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)})
}

// unpoll leaves a client unread.
func (cs *clients) unpoll(c *client) {
	unix.EpollCtl(cs.epoll, unix.EPOLL_CTL_DEL, c.fd, nil)
	c.polled = false
}

// wait waits up to ms milliseconds for sockets that are readable, reads them, and
// returns how many there were.
func (cs *clients) wait(ms int) (int, error) {
	n, err := unix.EpollWait(cs.epoll, cs.events, ms)
	if err == unix.EINTR {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, ev := range cs.events[:n] {
		if c := cs.all[ev.Fd]; c.polled {
			cs.read(c)
		}
	}
	return n, nil
}

func (cs *clients) read(c *client) {
	n := copy(cs.buf, c.part)
	got, err := unix.Read(c.fd, cs.buf[n:])
	if err == unix.EAGAIN || err == unix.EINTR {
		return
	}
	if got <= 0 {
		c.gone = true
		cs.unpoll(c)
		return
	}
	b := cs.buf[:n+got]
	for {
		head, n := frameSize(b)
		if head == 0 || len(b) < n {
			break
		}
		cs.frame(c, dissect.Opcode(b[0]&0x0f), b[head:n])
		b = b[n:]
	}
	c.part = append(c.part[:0], b...)
}

// frameSize returns the size of a server's frame, which is not masked, and that of
// its header, 0 if the header is not there. Millions a second are read, with the
// processors that the servers need: it does less than dissect.ParseFrameHeader.
func frameSize(b []byte) (head, size int) {
	switch {
	case len(b) < 2:
		return 0, 0
	case b[1] < 126:
		return 2, 2 + int(b[1])
	case b[1] == 126 && len(b) >= 4:
		return 4, 4 + int(binary.BigEndian.Uint16(b[2:]))
	case b[1] == 127 && len(b) >= 10:
		return 10, 10 + int(binary.BigEndian.Uint64(b[2:]))
	}
	return 0, 0
}

func (cs *clients) frame(c *client, opcode dissect.Opcode, payload []byte) {
	const say, login = `{"type":"say"`, `{"type":"login","client_id":"`
	switch {
	case len(payload) > len(say) && string(payload[:len(say)]) == say:
		c.received++
		if cs.onSay != nil {
			cs.onSay(c, payload)
		}
	case c.id == "" && bytes.HasPrefix(payload, []byte(login)):
		c.id = string(payload[len(login):][:20])
	case cs.onLogout != nil && bytes.HasPrefix(payload, []byte(`{"type":"logout"`)):
		cs.onLogout(c)
	case opcode == dissect.Close:
		c.gone = true
	}
}

func masked(payload []byte) []byte {
	h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true, Key: [4]byte{0x3c, 0x31, 0x37, 0x44}}
	return dissect.AppendFrame(nil, h, payload)
}

func (c *client) write(b []byte) error {
	for len(b) > 0 {
		n, err := unix.Write(c.fd, b)
		if err == syscall.EAGAIN {
			time.Sleep(10 * time.Microsecond)
			continue
		}
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
