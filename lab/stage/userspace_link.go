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

// link is the loopback of a stack in user space: what the stack sends comes back
// to it. Every packet is shown once to those who capture, before it is delivered,
// so that a cause is always captured before its effect.
type link struct {
	stack.LinkEndpoint // gVisor's own loopback, for what is not told here

	clock tcpip.Clock

	mu         sync.Mutex
	dispatcher stack.NetworkDispatcher
	taps       map[*tap]struct{}
	acks       delayer
	closed     bool
}

func newLink(clock tcpip.Clock, delay delayTime) *link {
	l := &link{LinkEndpoint: loopback.New(), clock: clock, taps: make(map[*tap]struct{})}
	l.acks = delayer{delay: delay, ends: make(map[ends]*end), after: l.after}
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

// send passes packet b on, or holds it for a while if it is an acknowledgement
// that can wait.
func (l *link) send(b []byte) {
	l.mu.Lock()
	pass := true
	if s, ok := parseSegment(b); ok {
		s.startChecksum()
		pass = l.acks.pass(&s, l.clock.NowMonotonic())
	}
	l.emit(b, pass)
}

// after calls f when d has passed; a packet that it gives is then sent.
func (l *link) after(d time.Duration, f func() []byte) tcpip.Timer {
	return l.clock.AfterFunc(d, func() {
		l.mu.Lock()
		b := f()
		l.emit(b, b != nil)
	})
}

// emit shows and delivers b if it is to pass. It must be called with mu held,
// and gives it up: to deliver a packet can mean to send its answer.
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

// settle waits until all that one end of a connection has sent has been taken by
// the other end's TCP, but no longer than a moment. On a kernel's loopback it is
// so before a write returns; here the receiver has a goroutine of its own, and
// without waiting, what is written next could overtake the acknowledgement.
func (l *link) settle(from ends) {
	// It takes some ten microseconds, but for a machine that has no time for us.
	const moment = 5 * time.Second
	l.mu.Lock()
	taken := l.acks.taken(from)
	l.mu.Unlock()
	if taken == nil {
		return
	}
	late := time.NewTimer(moment)
	defer late.Stop()
	select {
	case <-taken:
	case <-late.C:
	}
}

// tap begins a capture.
func (l *link) tap() (*tap, error) {
	t := newTap(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, net.ErrClosed
	}
	l.taps[t] = struct{}{}
	return t, nil
}

func (l *link) untap(t *tap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.taps, t)
}

// close lets nothing pass any more, and ends the captures.
func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	l.acks.stop()
	var taps []*tap
	for t := range l.taps {
		taps = append(taps, t)
	}
	l.mu.Unlock()
	for _, t := range taps {
		t.Close()
	}
}
