package stage

import (
	"io"
	"math/rand/v2"
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tcp"
)

// Virtual are the settings of a stage in user space with a clock of its own, which
// waits for nobody and whom nobody outside can join.
type Virtual struct {
	// Start is what the clock shows first.
	Start time.Time
	// Secrets is what the stack reads its secrets from. nil: random numbers, and a
	// packet takes a random time.
	Secrets io.Reader
	// Fate decides what becomes of each segment. nil: all are delivered.
	Fate func(*Passing) Fate
}

// Passing is a segment on its way.
type Passing struct {
	From, To uint16 // ports
	Flags    tcp.Flags
	// Payload is what the segment carries; what is changed in it is delivered so.
	Payload []byte
}

// Fate is what becomes of a segment. It is captured where it comes to the receiver,
// or where it is lost.
type Fate int

const (
	Deliver Fate = iota
	Lose
	Twice // it comes twice
	Late  // the next segment of its direction overtakes it
)

func passing(s *segment) *Passing {
	return &Passing{
		From: s.from, To: s.to, Flags: tcp.Flags(s.flags),
		Payload: s.packet[len(s.packet)-s.length:],
	}
}

// packetTime is how long a packet takes: about as long as on a kernel's loopback.
const packetTime = 10 * time.Microsecond

// OpenVirtual opens a stage in user space with a clock of its own.
func OpenVirtual(v Virtual) (Stage, error) {
	clock := &stackClock{virtualClock: newVirtualClock(v.Start), start: v.Start, scale: 1}
	u, err := newUserspace(clock, v.Secrets, delayedAckTime)
	if err != nil {
		clock.carrier.end()
		return nil, unavailable(Userspace, err, catalogue.Message{})
	}
	u.link.fate = v.Fate
	if v.Secrets == nil {
		u.link.packetTime = func() time.Duration { return packetTime/2 + rand.N(packetTime) }
	}
	return u, nil
}
