package stage

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"chatlab/sniffer/catalogue"

	"gvisor.dev/gvisor/pkg/log"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

// loopbackNIC is the number of the stack's one interface.
const loopbackNIC = 1

// userspaceStage is gVisor's TCP/IP stack in this process, with a loopback link. It
// needs no privilege and no particular system.
type userspaceStage struct {
	stack *stack.Stack
	link  *link
	clock Clock
	// still has what takes part, if the clock is a virtual one, and carrier delivers
	// the packets; else they are nil.
	still   *stillness
	carrier *carrier

	mu        sync.Mutex
	listeners map[io.Closer]struct{}
	closed    bool

	destroyed bool // guarded by still.draining
}

// discardLog keeps gVisor's own log off the terminal. What it warns of, such as a
// handshake that a reset ended, the callers get as an error.
var discardLog = sync.OnceFunc(func() {
	log.SetTarget(log.GoogleEmitter{Writer: &log.Writer{Next: io.Discard}})
})

func openUserspace() (Stage, error) {
	u, err := newUserspace(tcpip.NewStdClock(), nil, delayedAckTime)
	if err != nil {
		return nil, unavailable(Userspace, err, catalogue.Message{})
	}
	return u, nil
}

// newUserspace makes a stack whose link delays acknowledgements by up to delay.
// secrets is what the stack reads its secrets from, or nil.
func newUserspace(clock tcpip.Clock, secrets io.Reader, delay time.Duration) (*userspaceStage, error) {
	discardLog()
	if secrets != nil {
		secrets = &oneAtATime{source: secrets}
	}
	u := &userspaceStage{
		stack: stack.New(stack.Options{
			NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol},
			TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
			Clock:              clock,
			SecureRNG:          secrets,
		}),
		link:      newLink(clock, delay),
		clock:     realClock{},
		listeners: make(map[io.Closer]struct{}),
	}
	if virtual, ok := clock.(*stackClock); ok {
		u.clock, u.still, u.carrier = virtual.virtualClock, &virtual.still, virtual.carrier
		u.still.drains = append(u.still.drains, u.drain)
		u.link.virtual = virtual.virtualClock
		u.link.packetTime = func() time.Duration { return packetTime }
	}
	if err := u.configure(); err != nil {
		u.stack.Destroy()
		return nil, texts.Error("stack", "why", errors.New(err.String()))
	}
	return u, nil
}

// configure gives the stack 127.0.0.1 and the TCP settings of 2014.
func (u *userspaceStage) configure() tcpip.Error {
	// Half of a receive buffer is offered as window, which the link clamps. The scale
	// is that of the largest buffer: 7.
	buffer := tcpip.TCPReceiveBufferSizeRangeOption{Min: 4096, Default: 4 * windowClamp, Max: 6291456}
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	sack := tcpip.TCPSACKEnabled(true)
	// A link that loses nothing needs no probes for tail loss (RFC 8985 §7), and a
	// delayed acknowledgement must not set them off.
	recovery := tcpip.TCPRecovery(0)
	for _, option := range []tcpip.SettableTransportProtocolOption{&buffer, &moderate, &sack, &recovery} {
		if err := u.stack.SetTransportProtocolOption(tcp.ProtocolNumber, option); err != nil {
			return err
		}
	}
	// Linux's, without the ports of the scenario's browsers.
	if err := u.stack.SetPortRange(32768, 60000); err != nil {
		return err
	}
	if err := u.stack.CreateNIC(loopbackNIC, u.link); err != nil {
		return err
	}
	local := tcpip.AddrFrom4(loopbackAddress).WithPrefix()
	if err := u.stack.AddProtocolAddress(loopbackNIC, tcpip.ProtocolAddress{
		Protocol: ipv4.ProtocolNumber, AddressWithPrefix: local,
	}, stack.AddressProperties{}); err != nil {
		return err
	}
	u.stack.SetRouteTable([]tcpip.Route{{Destination: local.Subnet(), NIC: loopbackNIC}})
	return nil
}

func (u *userspaceStage) Name() string { return Userspace }
func (u *userspaceStage) Clock() Clock { return u.clock }

// drain returns when the stack has handled what was delivered to it: it pauses with
// nothing left to do. One that is destroyed would never say that it pauses.
func (u *userspaceStage) drain() {
	if u.destroyed {
		return
	}
	u.stack.Pause()
	u.stack.Resume()
}

func (u *userspaceStage) Listen(port uint16) (net.Listener, error) {
	l, err := u.listen(port)
	if err != nil {
		return nil, texts.Error("listen", "port", port, "why", err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		l.Close()
		return nil, texts.Error("listen", "port", port, "why", net.ErrClosed)
	}
	u.listeners[l] = struct{}{}
	return l, nil
}

func (u *userspaceStage) removeListener(l io.Closer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.listeners, l)
}

func (u *userspaceStage) Dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	u.mu.Lock()
	closed := u.closed
	u.mu.Unlock()
	err := ctx.Err()
	if closed {
		err = net.ErrClosed
	}
	if err == nil {
		var c *stackConn
		if c, err = u.dial(ctx, from, to); err == nil {
			return c, nil
		}
	}
	return nil, texts.Error("connect", "from", from, "to", to, "why", err)
}

func (u *userspaceStage) Capture() (Capture, error) {
	t, err := u.link.addTap()
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Close ends the stack. Its connections are reset, its listeners and captures
// closed.
func (u *userspaceStage) Close() error {
	u.mu.Lock()
	if u.closed {
		u.mu.Unlock()
		return nil
	}
	u.closed = true
	var listeners []io.Closer
	for l := range u.listeners {
		listeners = append(listeners, l)
	}
	u.mu.Unlock()
	for _, l := range listeners {
		l.Close()
	}
	if u.carrier != nil {
		u.carrier.end()
		u.still.draining.Lock()
		defer u.still.draining.Unlock()
		u.destroyed = true
	}
	u.stack.Destroy()
	u.link.close()
	return nil
}
