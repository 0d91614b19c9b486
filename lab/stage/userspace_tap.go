package stage

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"chatlab/sniffer/capture"
)

// tapBuffer is how many bytes of packets a tap buffers. Packets that come when it is
// full are dropped and counted, as a kernel does.
const tapBuffer = 16 << 20

// tapOverhead is about what a buffered packet takes besides its bytes.
const tapOverhead = 128

// tap is a capture on a link. One goroutine at a time may call Read.
type tap struct {
	mu      sync.Mutex
	arrived sync.Cond
	packets []capture.Packet
	size    int // of packets, in bytes
	stats   capture.Stats
	closed  bool
	waits   bool // somebody waits for a packet, and there was none
	read    bool // Read was called
	detach  func()

	linkType capture.LinkType
	header   []byte // of the link type, before each packet
	still    *stillness
}

func newTap(l *link) *tap {
	t := &tap{linkType: capture.Raw, still: l.still()}
	if a := l.again; a != nil {
		t.linkType, t.header = a.LinkType, a.LinkHeader
	}
	t.arrived.L = &t.mu
	t.detach = func() { l.removeTap(t) }
	t.still.join(t)
	return t
}

// state implements part: somebody reads what was captured, and looks at it.
func (t *tap) state() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.packets) > 0 || t.read && !t.waits {
		return looking
	}
	return resting
}

// add buffers a copy of a packet.
func (t *tap) add(now time.Time, b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.Received++
	b = slices.Concat(t.header, b)
	if t.size+len(b)+tapOverhead > tapBuffer {
		t.stats.Dropped++
		return
	}
	t.size += len(b) + tapOverhead
	t.packets = append(t.packets, capture.Packet{
		Time: now, LinkType: t.linkType, Interface: "lo",
		// A loopback receives what it sends, and a capture shows the former.
		Direction: capture.DirectionIn,
		Length:    len(b), Data: b,
	})
	t.arrived.Signal()
}

// Read waits for the next packet. After Close, and if Close is called while Read
// waits, its error wraps os.ErrClosed.
func (t *tap) Read(p *capture.Packet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = true
	for len(t.packets) == 0 && !t.closed {
		t.waits = true
		t.still.move()
		t.arrived.Wait()
	}
	t.waits = false
	if t.closed {
		return fmt.Errorf("capture ended: %w", os.ErrClosed)
	}
	*p = t.packets[0]
	t.packets[0].Data = nil
	t.packets = t.packets[1:]
	t.size -= len(p.Data) + tapOverhead
	return nil
}

// Stats returns the counts so far, after Close the final ones.
func (t *tap) Stats() capture.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stats
}

// Close ends the capture. A Read that waits returns at once.
func (t *tap) Close() error {
	t.detach()
	t.still.leave(t)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.packets = true, nil
	t.arrived.Broadcast()
	return nil
}
