package stage

import (
	"fmt"
	"os"
	"sync"
	"time"

	"chatlab/sniffer/capture"
)

// tapBuffer is how many bytes of packets wait for who reads a tap. What comes
// when it is full is dropped and counted, as a kernel does.
const tapBuffer = 16 << 20

// tapOverhead is what a waiting packet takes besides its bytes, about.
const tapOverhead = 128

// tap is a capture on a link. Read is for one goroutine.
type tap struct {
	mu      sync.Mutex
	arrived sync.Cond
	packets []capture.Packet
	size    int // of packets, in bytes
	stats   capture.Stats
	closed  bool
	leave   func()
}

func newTap(l *link) *tap {
	t := &tap{}
	t.arrived.L = &t.mu
	t.leave = func() { l.untap(t) }
	return t
}

// add takes a packet that passes; it keeps a copy.
func (t *tap) add(now time.Time, b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.Received++
	if t.size+len(b)+tapOverhead > tapBuffer {
		t.stats.Dropped++
		return
	}
	t.size += len(b) + tapOverhead
	t.packets = append(t.packets, capture.Packet{
		Time: now, LinkType: capture.Raw, Interface: "lo",
		// On a loopback what goes out comes in; a capture there shows the latter.
		Direction: capture.DirectionIn,
		Length:    len(b), Data: append([]byte(nil), b...),
	})
	t.arrived.Signal()
}

// Read waits for the next packet. After Close, and if Close comes while it
// waits, errors.Is finds os.ErrClosed in its error.
func (t *tap) Read(p *capture.Packet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.packets) == 0 && !t.closed {
		t.arrived.Wait()
	}
	if t.closed {
		return fmt.Errorf("capture ended: %w", os.ErrClosed)
	}
	*p = t.packets[0]
	t.packets[0].Data = nil
	t.packets = t.packets[1:]
	t.size -= len(p.Data) + tapOverhead
	return nil
}

// Stats returns the counts so far. After Close they are those of the end.
func (t *tap) Stats() capture.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stats
}

// Close ends the capture. A Read that waits returns at once.
func (t *tap) Close() error {
	t.leave()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.packets = true, nil
	t.arrived.Broadcast()
	return nil
}
