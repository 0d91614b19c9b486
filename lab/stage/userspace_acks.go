package stage

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/seqnum"
)

// delayTime is how long an acknowledgement may be held; 0: not at all.
type delayTime time.Duration

// delayedAckTime is Linux's shortest delay (TCP_ATO_MIN in include/net/tcp.h).
const delayedAckTime = delayTime(40 * time.Millisecond)

// delayer adds delayed acknowledgements (RFC 9293 §3.8.6.3) to a stack that has
// none: gVisor's acknowledges whatever comes at once. As in Linux, an end that
// answers what it hears within the delay is interactive (tcp_event_data_sent in
// net/ipv4/tcp_output.c): its acknowledgements wait for the answer, which carries
// them along, and are given up when it passes. One that waits in vain passes when
// the delay is over, and its end is no longer interactive
// (tcp_delack_timer_handler in net/ipv4/tcp_timer.c).
//
// Only a segment that does nothing but acknowledge more than the one before is
// held; window updates, repeated acknowledgements, SACK blocks and what belongs
// to the end of a connection pass at once. All methods are called with the
// link's lock held.
type delayer struct {
	delay delayTime
	ends  map[ends]*end
	// after calls f later, with the link's lock held, and sends what it gives.
	after func(d time.Duration, f func() []byte) tcpip.Timer
}

// ends are the ports of a segment. All addresses are 127.0.0.1.
type ends struct{ from, to uint16 }

func (e ends) reverse() ends { return ends{e.to, e.from} }

// end is what the link knows of one end of a connection.
type end struct {
	sent   seqnum.Value // one after the last byte that it has sent
	acked  seqnum.Value // up to where it has acknowledged what the other end sent
	told   seqnum.Value // as acked, as far as it has passed the link
	closed bool         // it has sent FIN

	heard       tcpip.MonotonicTime // when data last came to it; zero: never
	interactive bool
	held        *segment // the acknowledgement that waits, or nil
	timer       tcpip.Timer

	// taken is closed when the other end has acknowledged all that this one has
	// sent. It is nil if nobody waits for that.
	taken chan struct{}
}

// pass tells whether s is to pass now. If not it is held, and sent later unless
// something passes that makes it needless.
func (d *delayer) pass(s *segment, now tcpip.MonotonicTime) bool {
	if s.flags&header.TCPFlagSyn != 0 {
		if s.flags&header.TCPFlagAck != 0 {
			d.begin(s)
		}
		return true
	}
	this, other := d.ends[s.ends], d.ends[s.reverse()]
	if this == nil || other == nil {
		return true
	}
	if s.flags&header.TCPFlagRst != 0 {
		d.end(s.ends)
		return true
	}
	over := this.closed || other.closed
	if s.length > 0 {
		interval := now.Sub(this.heard)
		if this.heard != (tcpip.MonotonicTime{}) && interval < time.Duration(d.delay) {
			this.interactive = true
		}
		other.heard = now
	}
	if end := s.seq.Add(seqnum.Size(s.length)); this.sent.LessThan(end) {
		this.sent = end
	}
	if this.acked.LessThan(s.ack) {
		this.acked = s.ack
	}
	if other.taken != nil && other.sent.LessThanEq(this.acked) {
		close(other.taken)
		other.taken = nil
	}
	if d.canWait(this, s) && !over {
		d.hold(this, s)
		return false
	}
	// Whatever passes acknowledges no less than what is held.
	this.release()
	this.told = this.acked
	if s.flags&header.TCPFlagFin != 0 {
		if this.closed = true; other.closed {
			d.end(s.ends)
		}
	}
	return true
}

// canWait tells whether s, sent by e, does nothing but acknowledge, so that it
// can wait.
func (d *delayer) canWait(e *end, s *segment) bool {
	const onlyTimestamps = header.TCPMinimumSize + 12
	before := e.told
	if e.held != nil {
		before = e.held.ack
	}
	return d.delay > 0 && e.interactive &&
		s.length == 0 && s.flags == header.TCPFlagAck && s.header <= onlyTimestamps &&
		before.LessThan(s.ack) &&
		// RFC 9293 §3.8.6.3: at least every second full-sized segment.
		e.told.Size(s.ack) <= loopbackMTU-header.IPv4MinimumSize-header.TCPMinimumSize
}

// hold keeps s, instead of what is held already; that one's time goes on.
func (d *delayer) hold(e *end, s *segment) {
	first := e.held == nil
	e.held = s
	if !first {
		return
	}
	var timer tcpip.Timer
	timer = d.after(time.Duration(d.delay), func() []byte {
		if e.timer != timer {
			return nil // it was released when the time was just over
		}
		b := e.held.packet
		e.told = e.held.ack
		e.held, e.timer, e.interactive = nil, nil, false
		return b
	})
	e.timer = timer
}

// release gives up what is held.
func (e *end) release() {
	if e.timer != nil {
		e.timer.Stop()
	}
	e.held, e.timer = nil, nil
}

// begin is called with a SYN+ACK, from which on there are two ends.
func (d *delayer) begin(s *segment) {
	if d.ends[s.ends] != nil {
		d.end(s.ends) // the same ports again, or the SYN+ACK
	}
	d.ends[s.ends] = &end{sent: s.seq + 1, acked: s.ack, told: s.ack}
	d.ends[s.reverse()] = &end{sent: s.ack, acked: s.seq, told: s.seq}
}

// end forgets a connection, and lets nobody wait for it.
func (d *delayer) end(one ends) {
	for _, key := range []ends{one, one.reverse()} {
		if e := d.ends[key]; e != nil {
			e.release()
			if e.taken != nil {
				close(e.taken)
			}
			delete(d.ends, key)
		}
	}
}

// taken gives a channel that is closed when the other end has acknowledged all
// that this one has sent, or nil if that is so.
func (d *delayer) taken(from ends) <-chan struct{} {
	this, other := d.ends[from], d.ends[from.reverse()]
	if this == nil || other == nil || this.sent.LessThanEq(other.acked) {
		return nil
	}
	if this.taken == nil {
		this.taken = make(chan struct{})
	}
	return this.taken
}

// stop forgets everything.
func (d *delayer) stop() {
	for key := range d.ends {
		d.end(key)
	}
}
