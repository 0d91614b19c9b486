package stage

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/seqnum"
)

// delayedAckTime is Linux's shortest delay (TCP_ATO_MIN in include/net/tcp.h).
const delayedAckTime = 40 * time.Millisecond

// ackDelayer adds delayed acknowledgements (RFC 9293 §3.8.6.3) to a stack that has
// none: gVisor's acknowledges each segment at once. As in Linux, a sender that
// answers within the delay is interactive (tcp_event_data_sent in
// net/ipv4/tcp_output.c). Its acknowledgements are held, and are dropped when the
// answer passes, which acknowledges the same. One whose answer does not come passes
// after the delay, and its sender is no longer interactive (tcp_delack_timer_handler
// in net/ipv4/tcp_timer.c).
//
// Only a segment that does nothing but acknowledge more than the one before is held.
// Window updates, duplicate acknowledgements, SACK blocks and whatever ends a
// connection pass at once. All methods are called with the link's lock held.
type ackDelayer struct {
	delay   time.Duration // 0: nothing is held
	senders map[flow]*sender
	// afterFunc calls f after d with the link's lock held, and sends what f returns.
	afterFunc func(d time.Duration, f func() []byte) tcpip.Timer
}

// flow is one direction of a connection, by its ports. All addresses are 127.0.0.1.
type flow struct{ from, to uint16 }

func (f flow) reverse() flow { return flow{f.to, f.from} }

// sender is the state of the end of a connection that sends a flow.
type sender struct {
	sent      seqnum.Value // one after the last byte that it has sent
	acked     seqnum.Value // its last acknowledgement number
	ackPassed seqnum.Value // the last one that has passed the link
	ackKnown  seqnum.Value // the last one that has arrived, or is held
	closed    bool         // it has sent FIN

	lastReceived tcpip.MonotonicTime // when it last received data; zero: never
	interactive  bool
	held         *segment // an acknowledgement, or nil
	timer        tcpip.Timer

	// allAcked is closed when all that it has sent is acknowledged. It is nil if
	// nobody waits for that.
	allAcked chan struct{}
	lossy    bool // something was lost: nobody is to wait
}

// pass reports whether s is to pass now. Otherwise it is held, and sent later unless
// what passes before acknowledges the same.
func (d *ackDelayer) pass(s *segment, now tcpip.MonotonicTime) bool {
	if s.flags&header.TCPFlagSyn != 0 {
		if s.flags&header.TCPFlagAck != 0 {
			d.track(s)
		}
		return true
	}
	this, other := d.senders[s.flow], d.senders[s.reverse()]
	if this == nil || other == nil {
		return true
	}
	if s.flags&header.TCPFlagRst != 0 {
		d.forget(s.flow)
		return true
	}
	d.update(this, other, s, now)
	if d.delayable(this, s) && !this.closed && !other.closed {
		d.hold(this, s)
		this.knows(other, s.ack)
		return false
	}
	// Whatever passes acknowledges no less than what is held.
	this.dropHeld()
	this.ackPassed = this.acked
	if s.flags&header.TCPFlagFin != 0 {
		if this.closed = true; other.closed {
			d.forget(s.flow)
		}
	}
	return true
}

// update notes what s, sent by this to other, sends and acknowledges.
func (d *ackDelayer) update(this, other *sender, s *segment, now tcpip.MonotonicTime) {
	if s.length > 0 {
		if this.lastReceived != (tcpip.MonotonicTime{}) && now.Sub(this.lastReceived) < d.delay {
			this.interactive = true
		}
		other.lastReceived = now
	}
	if end := s.seq.Add(seqnum.Size(s.length)); this.sent.LessThan(end) {
		this.sent = end
	}
	if this.acked.LessThan(s.ack) {
		this.acked = s.ack
	}
}

// arrived notes what s acknowledges, now that it is delivered.
func (d *ackDelayer) arrived(s *segment) {
	if this, other := d.senders[s.flow], d.senders[s.reverse()]; this != nil && other != nil {
		this.knows(other, s.ack)
	}
}

// knows notes that ack is known to other, or would be but for the delay.
func (s *sender) knows(other *sender, ack seqnum.Value) {
	if s.ackKnown.LessThan(ack) {
		s.ackKnown = ack
	}
	if other.allAcked != nil && other.sent.LessThanEq(s.ackKnown) {
		close(other.allAcked)
		other.allAcked = nil
	}
}

// delayable reports whether s, sent by this, does nothing but acknowledge, and may
// be delayed.
func (d *ackDelayer) delayable(this *sender, s *segment) bool {
	const onlyTimestamps = header.TCPMinimumSize + header.TCPOptionTSLength + 2 // padded
	before := this.ackPassed
	if this.held != nil {
		before = this.held.ack
	}
	return d.delay > 0 && this.interactive &&
		s.length == 0 && s.flags == header.TCPFlagAck && s.headerSize <= onlyTimestamps &&
		before.LessThan(s.ack) &&
		// RFC 9293 §3.8.6.3: at least every second full-sized segment.
		this.ackPassed.Size(s.ack) <= loopbackMTU-header.IPv4MinimumSize-header.TCPMinimumSize
}

// hold keeps s instead of what is held already, whose timer goes on.
func (d *ackDelayer) hold(this *sender, s *segment) {
	first := this.held == nil
	this.held = s
	if !first {
		return
	}
	var timer tcpip.Timer
	timer = d.afterFunc(d.delay, func() []byte {
		if this.timer != timer {
			return nil // it was dropped when the timer had just fired
		}
		b := this.held.packet
		this.ackPassed = this.held.ack
		this.held, this.timer, this.interactive = nil, nil, false
		return b
	})
	this.timer = timer
}

// dropHeld drops what is held.
func (s *sender) dropHeld() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.held, s.timer = nil, nil
}

// track begins to track a connection, at its SYN-ACK.
func (d *ackDelayer) track(s *segment) {
	if d.senders[s.flow] != nil {
		d.forget(s.flow) // the same ports or the same SYN-ACK again
	}
	d.senders[s.flow] = &sender{sent: s.seq + 1, acked: s.ack, ackPassed: s.ack, ackKnown: s.ack}
	d.senders[s.reverse()] = &sender{sent: s.ack, acked: s.seq, ackPassed: s.seq, ackKnown: s.seq}
}

// forget ends the tracking of a connection, and waiting for its acknowledgements.
func (d *ackDelayer) forget(f flow) {
	for _, f := range []flow{f, f.reverse()} {
		if one := d.senders[f]; one != nil {
			one.dropHeld()
			if one.allAcked != nil {
				close(one.allAcked)
			}
			delete(d.senders, f)
		}
	}
}

// allAcked returns a channel that is closed when all that was sent on a flow is
// acknowledged, or nil if it is.
func (d *ackDelayer) allAcked(f flow) <-chan struct{} {
	this, other := d.senders[f], d.senders[f.reverse()]
	if this == nil || other == nil || this.lossy || this.sent.LessThanEq(other.ackKnown) {
		return nil
	}
	if this.allAcked == nil {
		this.allAcked = make(chan struct{})
	}
	return this.allAcked
}

// lose says that a segment is lost: nobody is to wait any more for what it carries,
// or acknowledges, as nobody does on a kernel.
func (d *ackDelayer) lose(s *segment) {
	f := s.flow
	if s.length == 0 {
		f = f.reverse()
	}
	if one := d.senders[f]; one != nil {
		if one.lossy = true; one.allAcked != nil {
			close(one.allAcked)
			one.allAcked = nil
		}
	}
}

// reset forgets all connections.
func (d *ackDelayer) reset() {
	for f := range d.senders {
		d.forget(f)
	}
}
