package stage

import (
	"context"
	"slices"
	"sync"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// virtualClock is the clock of a stage that only this program plays on. It moves
// when somebody waits for it and all else is still, from one timer to the next, and
// so a busy machine makes nothing late.
type virtualClock struct {
	still   stillness
	carrier *carrier

	conducting chan struct{} // holds a token while somebody moves the clock

	mu     sync.Mutex
	now    time.Time
	timers []*virtualTimer // that run, in the order in which they fire
	firing bool            // one calls its function
}

func newVirtualClock(start time.Time) *virtualClock {
	c := &virtualClock{now: start, conducting: make(chan struct{}, 1)}
	c.still.init()
	c.still.join(c)
	c.carrier = newCarrier(&c.still)
	return c
}

func (c *virtualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves the clock on to t, between two timers: it fires none.
func (c *virtualClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Before(t) {
		c.now = t
	}
}

// pass moves the clock on by d.
func (c *virtualClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *virtualClock) Wait(ctx context.Context, d time.Duration, done <-chan struct{}) error {
	select {
	case c.conducting <- struct{}{}:
		defer func() { <-c.conducting }()
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	var end time.Time
	for {
		if ended, err := c.still.wait(ctx, done, true); ended || err != nil {
			return err
		}
		if end.IsZero() {
			end = c.Now().Add(d)
		}
		timer := c.next(end)
		if timer == nil {
			c.set(end)
			return nil
		}
		timer()
		c.fired()
	}
}

// fired says that a timer's function has returned.
func (c *virtualClock) fired() {
	c.mu.Lock()
	c.firing = false
	c.mu.Unlock()
	c.still.move()
}

// state implements part: nothing is delivered while a timer's function is at it.
func (c *virtualClock) state() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.firing {
		return active
	}
	return resting
}

// next moves the clock to the next timer up to end, and gives what it calls. Without
// one it gives nil.
func (c *virtualClock) next(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at.After(end) {
		return nil
	}
	t := c.timers[0]
	c.timers, c.firing = c.timers[1:], true
	if c.now.Before(t.at) {
		c.now = t.at
	}
	return t.f
}

// virtualTimer calls f once the clock has come to a time.
type virtualTimer struct {
	clock *virtualClock
	scale time.Duration
	f     func()
	at    time.Time
}

// Stop implements tcpip.Timer.
func (t *virtualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	return t.stop()
}

// stop must be called with the clock's mu held.
func (t *virtualTimer) stop() bool {
	i := slices.Index(t.clock.timers, t)
	if i >= 0 {
		t.clock.timers = slices.Delete(t.clock.timers, i, i+1)
	}
	return i >= 0
}

// Reset implements tcpip.Timer.
func (t *virtualTimer) Reset(d time.Duration) {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	t.stop()
	t.at = c.now.Add(d * t.scale)
	// Behind those of the same time: they came first.
	i, _ := slices.BinarySearchFunc(c.timers, t, func(a, b *virtualTimer) int {
		if a.at.After(b.at) {
			return 1
		}
		return -1
	})
	c.timers = slices.Insert(c.timers, i, t)
}

// stackClock is a virtual clock as a stack in user space sees it.
type stackClock struct {
	*virtualClock
	start time.Time     // when the stack's monotonic clock shows zero
	zero  time.Duration // what it shows then
	// scale is how many times slower than the virtual clock the stack's goes.
	scale time.Duration
}

var _ tcpip.Clock = (*stackClock)(nil)

// NowMonotonic implements tcpip.Clock.
func (c *stackClock) NowMonotonic() tcpip.MonotonicTime {
	return tcpip.MonotonicTime{}.Add(c.zero + c.Now().Sub(c.start)/c.scale)
}

// AfterFunc implements tcpip.Clock.
func (c *stackClock) AfterFunc(d time.Duration, f func()) tcpip.Timer {
	t := &virtualTimer{clock: c.virtualClock, scale: c.scale, f: f}
	t.Reset(d)
	return t
}
