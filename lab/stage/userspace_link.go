package stage

import (
	"net"
	"slices"
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

	clock   tcpip.Clock
	virtual *virtualClock // nil in real time
	fate    func(*Passing) Fate
	again   *reenactment // nil: nothing is
	// packetTime gives how long a packet takes on a virtual stage without recording.
	packetTime func() time.Duration

	mu         sync.Mutex
	dispatcher stack.NetworkDispatcher
	taps       map[*tap]struct{}
	acks       ackDelayer
	late       map[flow][]byte // what the next segment of its flow overtakes
	closed     bool
}

var _ stack.LinkEndpoint = (*link)(nil)

func newLink(clock tcpip.Clock, delay time.Duration) *link {
	l := &link{LinkEndpoint: loopback.New(), clock: clock, taps: make(map[*tap]struct{}), late: make(map[flow][]byte)}
	l.acks = ackDelayer{delay: delay, senders: make(map[flow]*sender), afterFunc: l.afterFunc}
	return l
}

func (l *link) MTU() uint32 { return loopbackMTU }

// still gives what a virtual clock waits for, or nil.
func (l *link) still() *stillness {
	if l.virtual == nil {
		return nil
	}
	return &l.virtual.still
}

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
		s.clampWindow()
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

// emit sends b if pass is true, as fate has it. It must be called with mu held, which
// it unlocks.
func (l *link) emit(b []byte, pass bool) {
	if !pass || l.closed {
		l.mu.Unlock()
		return
	}
	packets, lost := [][]byte{b}, 0
	if s, ok := parseSegment(b); ok && l.fate != nil {
		switch l.fate(passing(&s)) {
		case Lose:
			lost = 1
			l.acks.lose(&s)
		case Twice:
			packets = append(packets, slices.Clone(b))
		case Late:
			if l.late[s.flow] == nil { // what overtakes is not late itself
				l.late[s.flow] = b
				l.mu.Unlock()
				return
			}
		}
		if late := l.late[s.flow]; late != nil {
			packets = append(packets, late)
			delete(l.late, s.flow)
		}
	}
	if l.virtual != nil {
		for i, b := range packets {
			l.virtual.carrier.carry(func() {
				l.mu.Lock()
				l.capture(b)
				l.mu.Unlock()
				if i >= lost {
					l.deliver(b)
					// What the acknowledgement makes TCP send comes before what others do.
					l.still().drain()
					l.arrived(b)
				}
			})
		}
		l.mu.Unlock()
		return
	}
	l.capture(b)
	l.mu.Unlock()
	l.arrived(b)
	l.deliver(b)
}

// capture hands a packet to the captures. It must be called with mu held: whoever
// waits for what the packet says must be captured behind it.
func (l *link) capture(b []byte) {
	if l.again != nil {
		l.again.captured(b)
	} else if l.virtual != nil {
		l.virtual.pass(l.packetTime())
	}
	now := l.clock.Now().Round(0).UTC()
	for t := range l.taps {
		t.add(now, b)
	}
}

// arrived tells those who wait for an acknowledgement that it is there.
func (l *link) arrived(b []byte) {
	if s, ok := parseSegment(b); ok {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.acks.arrived(&s)
	}
}

// deliver delivers a packet to the stack, which may answer meanwhile.
func (l *link) deliver(b []byte) {
	l.mu.Lock()
	dispatcher := l.dispatcher
	l.mu.Unlock()
	if dispatcher == nil {
		return
	}
	l.again.deliver(b)
	p := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(b)})
	dispatcher.DeliverNetworkPacket(header.IPv4ProtocolNumber, p)
	p.DecRef()
}

// waitAcked waits until the receiver's TCP has acknowledged all that was sent on a
// flow, but no longer than a moment of real time. On a kernel's loopback it has
// before a write returns. Here the receiver has a goroutine of its own, and without
// waiting, what is written next could overtake the acknowledgement.
func (l *link) waitAcked(f flow) {
	// It takes some ten microseconds, unless the machine is busy.
	const moment = 5 * time.Second
	l.mu.Lock()
	acked := l.acks.allAcked(f)
	l.mu.Unlock()
	if acked == nil {
		return
	}
	l.still().await(acked)
	defer l.still().awaited(acked)
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
	if err := l.add(t); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (l *link) add(t *tap) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	l.taps[t] = struct{}{}
	return nil
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
