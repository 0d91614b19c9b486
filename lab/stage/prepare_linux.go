package stage

import (
	"context"
	"io"

	"golang.org/x/sys/unix"
)

const (
	// rehearsals is how often the windows are tried.
	rehearsals = 5
	// rehearsalPort is the first of the ports for it, in a namespace where nobody
	// else has any.
	rehearsalPort = 20000
	// firstBuffer is right for Linux 6.18.
	firstBuffer = 36250
)

// Prepare leaves the ports in TIME-WAIT (leaveTimeWait), and finds out how the end
// that accepts keeps a window of 256 << 7.
//
// That window is a share of the receive buffer. With the first long segment Linux
// measures the share anew (tcp_measure_rcv_mss in net/ipv4/tcp_input.c), each version in
// its own way, and what the window was clamped to before is gone. So everything is
// rehearsed on other ports, which tells whether this kernel does it at all: what it
// does not do there is not tried with the ports that matter.
func (n *namespaceStage) Prepare(ctx context.Context, connections []Connection) error {
	buffer, err := n.findBuffer(ctx, connections, firstBuffer)
	if err != nil {
		return err
	}
	if err := n.leaveTimeWait(connections); err != nil {
		return err
	}
	for _, c := range connections {
		n.prepared.add(c.From, c.To, buffer)
	}
	if buffer == 0 {
		return texts.Error("prepare.window")
	}
	return nil
}

// findBuffer gives the receive buffer that keeps the window of each connection, or 0.
// It begins with a guess.
func (n *namespaceStage) findBuffer(ctx context.Context, connections []Connection, buffer int) (int, error) {
	port := uint16(rehearsalPort)
	for range rehearsals {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var trial []Connection
		for _, c := range connections {
			c.From, c.To = port, port+1
			port += 2
			trial = append(trial, c)
		}
		if err := n.leaveTimeWait(trial); err != nil {
			return 0, err
		}
		other := 0
		for _, c := range trial {
			window, err := n.rehearse(c, buffer)
			if err != nil {
				return 0, err
			}
			if window == 0 {
				return 0, nil
			}
			if window != loopbackWindow {
				other = window
			}
		}
		if other == 0 {
			return buffer, nil
		}
		if other < loopbackWindow*63/64 {
			// A window shrinks by no more than the bytes that have come (RFC 9293
			// §3.8.6.2.1), and does not tell how far it would.
			buffer = buffer * 7 / 5
		} else {
			// The middle of what is rounded to the wanted window.
			buffer = buffer * (loopbackWindow + 1<<loopbackScale/2) / other
		}
	}
	return 0, nil
}

// rehearse makes a connection that was prepared, its accepted end with this receive
// buffer, and lets it send what it will send. It gives the window that this end kept,
// or the first other one that it had; 0 where the window of the end that connects is
// not the wanted one, which no buffer mends.
func (n *namespaceStage) rehearse(c Connection, buffer int) (window int, err error) {
	listener, err := n.tcpSocket()
	if err != nil {
		return 0, err
	}
	defer unix.Close(listener)
	if err := bind(listener, c.To); err != nil {
		return 0, failed("bind", err)
	}
	if err := patience(listener); err != nil {
		return 0, err
	}
	if err := unix.Listen(listener, 1); err != nil {
		return 0, failed("listen", err)
	}
	from, err := n.tcpSocket()
	if err != nil {
		return 0, err
	}
	defer abandon(from)
	if err := bind(from, c.From); err != nil {
		return 0, failed("bind", err)
	}
	if err := patience(from); err != nil {
		return 0, err
	}
	if err := again(func() error { return connect(from, c.To) }); err != nil {
		return 0, failed("connect", err)
	}
	if err := keepWindow(from); err != nil {
		return 0, err
	}
	var to int
	if err := again(func() error {
		to, _, err = unix.Accept4(listener, unix.SOCK_CLOEXEC)
		return err
	}); err != nil {
		return 0, failed("accept", err)
	}
	defer abandon(to)
	if err := unix.SetsockoptInt(to, unix.SOL_SOCKET, unix.SO_RCVBUF, buffer); err != nil {
		return 0, failed("SO_RCVBUF", err)
	}
	if err := patience(to); err != nil {
		return 0, err
	}

	window = loopbackWindow
	look := func() error {
		theirs, err := peerWindow(from)
		if err != nil {
			return err
		}
		if window == loopbackWindow {
			window = theirs
		}
		ours, err := peerWindow(to)
		if ours != loopbackWindow {
			window = 0
		}
		return err
	}
	if err := look(); err != nil {
		return 0, err
	}
	sent := map[int]uint32{}
	for _, size := range c.Sizes {
		writer, reader := from, to
		if size < 0 {
			writer, reader, size = to, from, -size
		}
		if err := carry(writer, reader, size); err != nil {
			return 0, err
		}
		sent[writer] += uint32(size)
		if err := look(); err != nil {
			return 0, err
		}
	}
	for fd, isn := range map[int]uint32{from: c.ISNFrom, to: c.ISNTo} {
		next, err := nextSeq(fd)
		if err != nil {
			return 0, err
		}
		if next != isn+1+sent[fd] {
			return 0, texts.Error("prepare.numbers")
		}
	}
	return window, nil
}

// patience bounds what a rehearsal waits for on a socket; what is written does not wait
// for an acknowledgement.
func patience(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_NODELAY, 1); err != nil {
		return failed("TCP_NODELAY", err)
	}
	for _, option := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, option, &unix.Timeval{Sec: 1}); err != nil {
			return failed("setsockopt", err)
		}
	}
	return nil
}

// again calls what a signal may interrupt: Go's runtime sends some, and a call on a
// socket with a time limit is not restarted (signal(7)).
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// carry sends size bytes from one end to the other.
func carry(writer, reader, size int) error {
	b := make([]byte, size)
	if err := again(func() error {
		_, err := unix.Write(writer, b)
		return err
	}); err != nil {
		return failed("write", err)
	}
	for size > 0 {
		n := 0
		err := again(func() (err error) {
			n, err = unix.Read(reader, b)
			return err
		})
		if err == nil && n == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return failed("read", err)
		}
		size -= n
	}
	return nil
}

// peerWindow gives the window that the other end last told, in bytes.
func peerWindow(fd int) (int, error) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.SOL_TCP, unix.TCP_INFO)
	if err != nil {
		return 0, failed("TCP_INFO", err)
	}
	return int(info.Snd_wnd), nil
}

// nextSeq takes a socket into repair, and gives the number that it would send next.
func nextSeq(fd int) (uint32, error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_ON); err != nil {
		return 0, failed("TCP_REPAIR", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR_QUEUE, repairSendQueue); err != nil {
		return 0, failed("TCP_REPAIR_QUEUE", err)
	}
	seq, err := unix.GetsockoptInt(fd, unix.SOL_TCP, unix.TCP_QUEUE_SEQ)
	if err != nil {
		return 0, failed("TCP_QUEUE_SEQ", err)
	}
	return uint32(seq), nil
}

// abandon closes a socket without a word to the other end.
func abandon(fd int) {
	_ = unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_ON)
	unix.Close(fd)
}
