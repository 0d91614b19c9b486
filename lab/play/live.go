// Package play plays the documented scenario live: our chat server, our page's
// server, two scripted browsers, and a capture of what passes between them.
package play

import (
	"context"
	"sync"
	"time"

	"chatlab/chatserver/server"
	"chatlab/lab/bundle"
	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/lab/texts"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
	"chatlab/webclient/site"
)

// overdueTime is how long a packet of the scenario may be overdue on its stage. A delayed
// acknowledgement comes within 200 ms (tcp(7)), within 500 ms at the latest
// (RFC 1122 §4.2.3.2); the rest is for a machine that is busy.
const overdueTime = 5 * time.Second

// Fast shortens a pause to what the kernel must see: a socket that sends within
// 40 ms after it has received (TCP_ATO_MIN) counts as interactive, and Linux
// then delays its acknowledgements (tcp_event_data_sent in net/ipv4/tcp_output.c).
// The people of 2014 were slower.
func Fast(pause time.Duration) time.Duration { return min(pause, 100*time.Millisecond) }

// Pause waits for d, or until ctx is done.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Live is one performance of the scenario.
type Live struct {
	Stage stage.Stage
	// Pace waits when one action of the browsers is over, until the next: d in 2014.
	// See Fast.
	Pace func(ctx context.Context, d time.Duration) error
	// Packet is called with each packet of the scenario as it is captured, one
	// at a time: first those of the earlier browser, then those documented.
	// An error ends the performance.
	Packet func(*dissect.Segment) error
	// Snaplen is how many bytes of a packet are kept. 0: all.
	Snaplen int
	// Script is what the browsers do instead of what is documented. nil: that.
	Script func(context.Context, *scenario.Play) error
	// Unprepared says, after a Run of what is documented, what the stage tried to
	// bring about and could not, of initial sequence numbers and windows; nil also
	// on a stage that does not try.
	Unprepared error

	preparedTime time.Duration // 0: the stage's
}

// Run plays the scenario once.
func (l *Live) Run(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer func() {
		cancel(nil)
		running.Wait()
	}()
	prepared := preparation{stage: l.Stage, lasts: l.preparedTime}
	if l.Script == nil {
		if l.Unprepared = prepared.begin(ctx); ctx.Err() != nil {
			return cause(ctx, ctx.Err())
		}
	}
	b, err := bundle.Open(bundle.Options{Stage: l.Stage, ChatPort: scenario.ServerPort, PagePort: scenario.PagePort})
	if err != nil {
		return err
	}
	b.Chat = stopAndWait{b.Chat}
	clock, seen := &clock{}, newPacketCounter(l.Stage.Clock())
	running.Go(func() {
		if err := b.Run(ctx, server.Options{Clock: clock.now}, site.Options{}); err != nil {
			cancel(err)
		}
	})
	read := make(chan struct{})
	running.Go(func() {
		defer close(read)
		if err := l.read(b.Packets, seen); err != nil {
			// A stage with a clock of its own would wait for who does not read.
			b.Packets.Close()
			cancel(err)
		}
	})

	if l.Script == nil {
		// As the newcomer's browser did before its WebSocket.
		if err := b.Get(ctx, "/"); err != nil {
			return cause(ctx, err)
		}
	}
	browsers := &scenario.Play{
		Dial: prepared.dial, Clock: clock.set, Captured: seen.count, Wait: seen.wait, Pace: l.Pace,
		// How the browsers go is no part of the scenario.
		Over: func() {
			b.Packets.Close()
			<-read
		},
	}
	script := l.Script
	if script == nil {
		script = func(ctx context.Context, p *scenario.Play) error { return p.Run(ctx) }
	}
	if err := script(ctx, browsers); err != nil {
		return cause(ctx, err)
	}
	return context.Cause(ctx)
}

// cause gives why ctx was cancelled if that is why err came about.
func cause(ctx context.Context, err error) error {
	if why := context.Cause(ctx); err != nil && why != nil {
		return why
	}
	return err
}

// read hands the scenario's packets over until the capture is closed.
func (l *Live) read(packets capture.Source, seen *packetCounter) error {
	var s dissect.Segment
	begun := map[uint16]bool{} // by the browser's port
	for p, err := range capture.All(packets) {
		if err != nil {
			return texts.Lab.Error("part.capture", "why", err)
		}
		if l.Snaplen > 0 {
			p.Data = p.Data[:min(len(p.Data), l.Snaplen)]
		}
		if s.Decode(p) != nil || !scenario.Concerns(s.Src.Port(), s.Dst.Port()) {
			continue
		}
		// What prepares a connection in a long pause has no SYN.
		browser := max(s.Src.Port(), s.Dst.Port())
		if begun[browser] = begun[browser] || s.Flags&tcp.SYN != 0; !begun[browser] && l.Script == nil {
			continue
		}
		if err := l.Packet(&s); err != nil {
			return err
		}
		seen.add()
	}
	return nil
}

// clock is the server's clock: it shows what the scenario says.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// packetCounter counts captured packets.
type packetCounter struct {
	clock stage.Clock

	mu    sync.Mutex
	n     int
	added chan struct{} // closed and replaced at each add
}

func newPacketCounter(clock stage.Clock) *packetCounter {
	return &packetCounter{clock: clock, added: make(chan struct{})}
}

func (c *packetCounter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	close(c.added)
	c.added = make(chan struct{})
}

func (c *packetCounter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// wait returns when n packets have come, or none has for as long as a packet
// may be overdue.
func (c *packetCounter) wait(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		enough, added := c.n >= n, c.added
		c.mu.Unlock()
		if enough {
			return nil
		}
		if err := c.clock.Wait(ctx, overdueTime, added); err != nil {
			return err
		}
		select {
		case <-added:
		default:
			return nil
		}
	}
}
