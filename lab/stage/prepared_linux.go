package stage

import (
	"context"
	"net"
	"sync"

	"golang.org/x/sys/unix"
)

// preparedConnections are connections that were prepared and not yet made, by their
// ports.
type preparedConnections struct {
	mu sync.Mutex
	of map[[2]uint16]*preparedConnection
	// dialled are those that wait to be accepted.
	dialled map[[2]uint16]*preparedConnection
}

// preparedConnection is how a connection is to be made so that it has the windows of
// 2014.
type preparedConnection struct {
	// buffer is the receive buffer of the end that accepts; 0 leaves both ends'
	// windows alone.
	buffer int
	// ready is closed when that end has it.
	ready chan struct{}
}

func (p *preparedConnections) add(from, to uint16, buffer int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of, p.dialled = make(map[[2]uint16]*preparedConnection), make(map[[2]uint16]*preparedConnection)
	}
	p.of[[2]uint16{from, to}] = &preparedConnection{buffer, make(chan struct{})}
}

// take gives the connection that is about to be made, once, or nil.
func (p *preparedConnections) take(from, to uint16) *preparedConnection {
	p.mu.Lock()
	defer p.mu.Unlock()
	ports := [2]uint16{from, to}
	c := p.of[ports]
	if c != nil {
		delete(p.of, ports)
		p.dialled[ports] = c
	}
	return c
}

// accepted gives a connection's accepted end its buffer, if it was prepared.
func (p *preparedConnections) accepted(c *net.TCPConn) error {
	ports := [2]uint16{uint16(c.RemoteAddr().(*net.TCPAddr).Port), uint16(c.LocalAddr().(*net.TCPAddr).Port)}
	p.mu.Lock()
	prepared := p.dialled[ports]
	delete(p.dialled, ports)
	p.mu.Unlock()
	if prepared == nil {
		return nil
	}
	defer close(prepared.ready)
	if prepared.buffer == 0 {
		return nil
	}
	return c.SetReadBuffer(prepared.buffer)
}

// connect connects the end that dials, and keeps its window.
func (p *preparedConnection) connect(fd int, to uint16) error {
	if err := connect(fd, to); err != nil || p.buffer == 0 {
		return err
	}
	return keepWindow(fd)
}

// wait returns when the other end was accepted and has its buffer: what is sent
// to it before is measured by another.
func (p *preparedConnection) wait(ctx context.Context) error {
	if p.buffer == 0 {
		return nil
	}
	select {
	case <-p.ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// keepWindow keeps a window of 256 << 7 on the end that connected: its buffer has
// more than enough room, so that the window is what it may be at most.
func keepWindow(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 200_000); err != nil {
		return err
	}
	return unix.SetsockoptInt(fd, unix.SOL_TCP, unix.TCP_WINDOW_CLAMP, loopbackWindow)
}
