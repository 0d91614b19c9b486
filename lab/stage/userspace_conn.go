package stage

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// endpoint makes a TCP endpoint that is bound to port.
func (u *userspaceStage) endpoint(port uint16) (tcpip.Endpoint, *waiter.Queue, error) {
	queue := new(waiter.Queue)
	ep, err := u.stack.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, queue)
	if err != nil {
		return nil, nil, stackError(err)
	}
	ep.SocketOptions().SetReuseAddress(true)
	if err := ep.Bind(loopbackPort(port)); err != nil {
		ep.Close()
		return nil, nil, stackError(err)
	}
	return ep, queue, nil
}

func loopbackPort(port uint16) tcpip.FullAddress {
	return tcpip.FullAddress{NIC: loopbackNIC, Addr: tcpip.AddrFrom4(loopbackAddress), Port: port}
}

// forever is longer than anything waits.
const forever = time.Duration(math.MaxInt64) / 8

func (u *userspaceStage) dial(ctx context.Context, from, to uint16) (*stackConn, error) {
	ep, queue, err := u.endpoint(from)
	if err != nil {
		return nil, err
	}
	ep.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true})
	connected := make(chan struct{})
	connect := sync.OnceFunc(func() { close(connected) })
	ready := waiter.NewFunctionEntry(waiter.WritableEvents|waiter.EventErr|waiter.EventHUp, func(waiter.EventMask) { connect() })
	queue.EventRegister(&ready)
	defer queue.EventUnregister(&ready)
	failed := ep.Connect(loopbackPort(to))
	if _, ok := failed.(*tcpip.ErrConnectStarted); ok {
		if err := u.clock.Wait(ctx, forever, connected); err != nil {
			ep.Close()
			return nil, err
		}
		failed = ep.LastError()
	}
	if failed != nil {
		ep.Close()
		return nil, stackError(failed)
	}
	return u.conn(ep, queue, false)
}

// stackListener is a net.Listener on the stack.
type stackListener struct {
	stage  *userspaceStage
	ep     tcpip.Endpoint
	queue  *waiter.Queue
	addr   *net.TCPAddr
	closed chan struct{}
	close  func()

	// accepting is held from when a connection leaves the backlog until it takes part.
	accepting sync.Mutex
}

// state implements part.
func (l *stackListener) state() state {
	l.accepting.Lock()
	defer l.accepting.Unlock()
	if l.ep.Readiness(waiter.ReadableEvents) != 0 {
		return active
	}
	return resting
}

// backlog is Linux's (net.core.somaxconn).
const backlog = 4096

func (u *userspaceStage) listen(port uint16) (*stackListener, error) {
	ep, queue, err := u.endpoint(port)
	if err != nil {
		return nil, err
	}
	if err := ep.Listen(backlog); err != nil {
		ep.Close()
		return nil, stackError(err)
	}
	local, failed := ep.GetLocalAddress()
	if failed != nil {
		ep.Close()
		return nil, stackError(failed)
	}
	l := &stackListener{stage: u, ep: ep, queue: queue, addr: tcpAddr(local), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() {
		close(l.closed)
		u.removeListener(l)
		u.still.leave(l)
		ep.Close()
	})
	u.still.join(l)
	return l, nil
}

func (l *stackListener) Addr() net.Addr { return l.addr }

func (l *stackListener) Close() error {
	l.close()
	return nil
}

func (l *stackListener) Accept() (net.Conn, error) {
	ready, notice := waiter.NewChannelEntry(waiter.ReadableEvents)
	l.queue.EventRegister(&ready)
	defer l.queue.EventUnregister(&ready)
	for {
		c, gone, err := l.accept()
		if gone {
			continue
		}
		if err == nil {
			return c, nil
		}
		select {
		case <-l.closed:
			return nil, l.opError(net.ErrClosed)
		default:
		}
		if _, ok := err.(*tcpip.ErrWouldBlock); !ok {
			return nil, l.opError(stackError(err))
		}
		select {
		case <-l.closed:
		case <-notice:
		}
	}
}

// accept takes a connection from the backlog. It may be gone already.
func (l *stackListener) accept() (c *stackConn, gone bool, failed tcpip.Error) {
	l.accepting.Lock()
	defer l.accepting.Unlock()
	ep, queue, failed := l.ep.Accept(nil)
	if failed != nil {
		return nil, false, failed
	}
	c, err := l.stage.conn(ep, queue, true)
	return c, err != nil, nil
}

func (l *stackListener) opError(err error) error {
	return &net.OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: err}
}

// stackConn is a net.Conn on the stack, with the errors of package net.
type stackConn struct {
	*gonet.TCPConn
	ep            tcpip.Endpoint
	link          *link
	local, remote *net.TCPAddr
	closed        atomic.Bool
	user          *user // on a virtual stage; else nil
}

// conn takes over a connected endpoint: one that was accepted, or that dialled.
func (u *userspaceStage) conn(ep tcpip.Endpoint, queue *waiter.Queue, accepted bool) (*stackConn, error) {
	local, err := ep.GetLocalAddress()
	if err == nil {
		var remote tcpip.FullAddress
		if remote, err = ep.GetRemoteAddress(); err == nil {
			c := &stackConn{ep: ep, link: u.link, local: tcpAddr(local), remote: tcpAddr(remote)}
			if u.still != nil {
				c.user = newUser(ep, queue, u.still, accepted)
				u.still.join(c.user)
				ep = c.user
			}
			c.TCPConn = gonet.NewTCPConn(queue, ep)
			return c, nil
		}
	}
	ep.Close()
	return nil, stackError(err)
}

func tcpAddr(a tcpip.FullAddress) *net.TCPAddr {
	return &net.TCPAddr{IP: net.IP(a.Addr.AsSlice()), Port: int(a.Port)}
}

func (c *stackConn) LocalAddr() net.Addr  { return c.local }
func (c *stackConn) RemoteAddr() net.Addr { return c.remote }

func (c *stackConn) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	c.user.hasRead()
	return n, c.opError("read", err)
}

// WriteTo implements io.WriterTo, for io.Copy: a virtual clock knows then that its
// caller comes back for more.
func (c *stackConn) WriteTo(w io.Writer) (int64, error) {
	c.user.copying(true)
	defer c.user.copying(false)
	return io.Copy(w, struct{ io.Reader }{c})
}

func (c *stackConn) Write(b []byte) (int, error) {
	this := flow{uint16(c.local.Port), uint16(c.remote.Port)}
	if c.user != nil && c.user.accepted {
		c.link.virtual.carrier.wait()
	}
	c.link.again.write(this)
	n, err := c.TCPConn.Write(b)
	c.user.hasWritten()
	if err != nil {
		return n, c.opError("write", err)
	}
	if c.user == nil || c.user.accepted { // who dialled moves the clock
		c.link.waitAcked(this)
	}
	return n, nil
}

func (c *stackConn) CloseWrite() error { return c.opError("close", c.TCPConn.CloseWrite()) }
func (c *stackConn) CloseRead() error  { return c.opError("close", c.TCPConn.CloseRead()) }

// SetLinger sets how Close behaves, as net.TCPConn's does: 0 seconds means a
// reset.
func (c *stackConn) SetLinger(seconds int) error {
	c.ep.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: seconds >= 0, Timeout: time.Duration(seconds) * time.Second})
	return nil
}

// deadline gives the deadline to set: on a virtual stage none that is still to come,
// as it is a time of another clock. One that is past ends what waits there too.
func (c *stackConn) deadline(t time.Time) time.Time {
	if c.user != nil && t.After(time.Now()) {
		return time.Time{}
	}
	return t
}

func (c *stackConn) SetDeadline(t time.Time) error { return c.TCPConn.SetDeadline(c.deadline(t)) }
func (c *stackConn) SetReadDeadline(t time.Time) error {
	return c.TCPConn.SetReadDeadline(c.deadline(t))
}
func (c *stackConn) SetWriteDeadline(t time.Time) error {
	return c.TCPConn.SetWriteDeadline(c.deadline(t))
}

func (c *stackConn) Close() error {
	if c.closed.Swap(true) {
		return c.opError("close", net.ErrClosed)
	}
	err := c.TCPConn.Close()
	c.user.leave()
	return err
}

// opError returns err as package net would.
func (c *stackConn) opError(op string, err error) error {
	if err == nil || err == io.EOF && !c.closed.Load() {
		return err
	}
	var timeout net.Error
	var inner *net.OpError
	switch {
	case c.closed.Load():
		err = net.ErrClosed
	case errors.As(err, &timeout) && timeout.Timeout():
		err = os.ErrDeadlineExceeded
	case errors.As(err, &inner):
		// gonet keeps only the text.
		if err = inner.Err; errnos[err.Error()] != nil {
			err = errnos[err.Error()]
		}
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// errnos are the system's errors by gVisor's texts for them.
var errnos = map[string]error{
	(&tcpip.ErrConnectionReset{}).String():      syscall.ECONNRESET,
	(&tcpip.ErrConnectionAborted{}).String():    syscall.ECONNABORTED,
	(&tcpip.ErrAborted{}).String():              syscall.ECONNABORTED,
	(&tcpip.ErrConnectionRefused{}).String():    syscall.ECONNREFUSED,
	(&tcpip.ErrClosedForSend{}).String():        syscall.EPIPE,
	(&tcpip.ErrPortInUse{}).String():            syscall.EADDRINUSE,
	(&tcpip.ErrNoPortAvailable{}).String():      syscall.EADDRINUSE,
	(&tcpip.ErrDuplicateAddress{}).String():     syscall.EADDRINUSE,
	(&tcpip.ErrBadLocalAddress{}).String():      syscall.EADDRNOTAVAIL,
	(&tcpip.ErrTimeout{}).String():              syscall.ETIMEDOUT,
	(&tcpip.ErrNotConnected{}).String():         syscall.ENOTCONN,
	(&tcpip.ErrInvalidEndpointState{}).String(): syscall.EINVAL,
}

func stackError(err tcpip.Error) error {
	if errno := errnos[err.String()]; errno != nil {
		return errno
	}
	return errors.New(err.String())
}
