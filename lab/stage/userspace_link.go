package stage

import (
	"net"
	"sync"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/loopback"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// link is the loopback of a stack in user space: what the stack sends comes back to
// it. A packet is captured before it is delivered, so that a cause is always
// captured before its effect.
type link struct {
	stack.LinkEndpoint // gVisor's own loopback, for the other methods

	clock tcpip.Clock

	mu         sync.Mutex
	dispatcher stack.NetworkDispatcher
	taps       map[*tap]struct{}
	acks       ackDelayer
	closed     bool
}

var _ stack.LinkEndpoint = (*link)(nil)

func newLink(clock tcpip.Clock, delay time.Duration) *link {
	l := &link{LinkEndpoint: loopback.New(), clock: clock, taps: make(map[*tap]struct{})}
	l.acks = ackDelayer{delay: delay, senders: make(map[flow]*sender), afterFunc: l.afterFunc}
	return l
}

func (l *link) MTU() uint32 { return loopbackMTU }

// Capabilities leaves checksums to the link.
func (l *link) Capabilities() stack.LinkEndpointCapabilities {
	return stack.CapabilityLoopback | stack.CapabilityTXChecksumOffload | stack.CapabilityRXChecksumOffload
}

func (l *link) Attach(d stack.NetworkDispatcher) {
	l.LinkEndpoint.Attach(d)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dispatcher = d
}

// WritePackets is called by the stack with packets to send. Several can be
// written at a time, and delivering one can make the stack write another.
func (l *link) WritePackets(packets stack.PacketBufferList) (int, tcpip.Error) {
	for _, p := range packets.AsSlice() {
		b := p.ToBuffer()
		l.send(b.Flatten())
		b.Release()
	}
	return packets.Len(), nil
}

// send delivers packet b, or holds it for a while if it is an acknowledgement that
// can be delayed.
func (l *link) send(b []byte) {
	l.mu.Lock()
	pass := true
	if s, ok := parseSegment(b); ok {
		s.setPartialChecksum()
		pass = l.acks.pass(&s, l.clock.NowMonotonic())
	}
	l.emit(b, pass)
}

// afterFunc calls f after d, and delivers the packet that f returns, if any.
func (l *link) afterFunc(d time.Duration, f func() []byte) tcpip.Timer {
	return l.clock.AfterFunc(d, func() {
		l.mu.Lock()
		b := f()
		l.emit(b, b != nil)
	})
}

// emit captures and delivers b if pass is true. It must be called with mu held,
// which it unlocks: the stack may answer a packet while it is being delivered.
func (l *link) emit(b []byte, pass bool) {
	if !pass || l.closed {
		l.mu.Unlock()
		return
	}
	now := l.clock.Now().Round(0).UTC()
	for t := range l.taps {
		t.add(now, b)
	}
	dispatcher := l.dispatcher
	l.mu.Unlock()
	if dispatcher == nil {
		return
	}
	p := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(b)})
	dispatcher.DeliverNetworkPacket(header.IPv4ProtocolNumber, p)
	p.DecRef()
}

// waitAcked waits until the receiver's TCP has acknowledged all that was sent on a
// flow, but no longer than a moment. On a kernel's loopback it has before a write
// returns. Here the receiver has a goroutine of its own, and without waiting, what
// is written next could overtake the acknowledgement.
func (l *link) waitAcked(f flow) {
	// It takes some ten microseconds, unless the machine is busy.
	const moment = 5 * time.Second
	l.mu.Lock()
	acked := l.acks.allAcked(f)
	l.mu.Unlock()
	if acked == nil {
		return
	}
	late := time.NewTimer(moment)
	defer late.Stop()
	select {
	case <-acked:
	case <-late.C:
	}
}

// addTap begins a capture.
func (l *link) addTap() (*tap, error) {
	t := newTap(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, net.ErrClosed
	}
	l.taps[t] = struct{}{}
	return t, nil
}

func (l *link) removeTap(t *tap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.taps, t)
}

// close drops all further packets, and ends the captures.
func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	l.acks.reset()
	var taps []*tap
	for t := range l.taps {
		taps = append(taps, t)
	}
	l.mu.Unlock()
	for _, t := range taps {
		t.Close()
	}
}
