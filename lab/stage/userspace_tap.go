package stage

import (
	"fmt"
	"os"
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
	detach  func()
}

func newTap(l *link) *tap {
	t := &tap{}
	t.arrived.L = &t.mu
	t.detach = func() { l.removeTap(t) }
	return t
}

// add buffers a copy of a packet.
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
		// A loopback receives what it sends, and a capture shows the former.
		Direction: capture.DirectionIn,
		Length:    len(b), Data: append([]byte(nil), b...),
	})
	t.arrived.Signal()
}

// Read waits for the next packet. After Close, and if Close is called while Read
// waits, its error wraps os.ErrClosed.
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

// Stats returns the counts so far, after Close the final ones.
func (t *tap) Stats() capture.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stats
}

// Close ends the capture. A Read that waits returns at once.
func (t *tap) Close() error {
	t.detach()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.packets = true, nil
	t.arrived.Broadcast()
	return nil
}
