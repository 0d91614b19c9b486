package stage

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// clockStart is what the clocks of these tests show first.
var clockStart = time.Date(2014, 8, 12, 9, 50, 30, 0, time.UTC)

// testClock is a virtual clock, as a stack sees it, that notes which timers fired.
type testClock struct {
	*stackClock
	fired []string
}

func newTestClock(t *testing.T, scale time.Duration) *testClock {
	t.Helper()
	c := newVirtualClock(clockStart)
	t.Cleanup(c.carrier.end)
	return &testClock{stackClock: &stackClock{virtualClock: c, start: clockStart, zero: time.Minute, scale: scale}}
}

// timer fires after d, and is noted with the time.
func (c *testClock) timer(d time.Duration, name string) *virtualTimer {
	return c.AfterFunc(d, func() { c.note(name) }).(*virtualTimer)
}

func (c *testClock) note(name string) {
	c.fired = append(c.fired, name+" at "+c.Now().Sub(clockStart).String())
}

func (c *testClock) wait(t *testing.T, d time.Duration) {
	t.Helper()
	if err := c.Wait(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
}

// sees compares what has fired since it was last called, and the time.
func (c *testClock) sees(t *testing.T, now time.Duration, want ...string) {
	t.Helper()
	if !slices.Equal(c.fired, want) {
		t.Errorf("fired %q, want %q", c.fired, want)
	}
	if got := c.Now().Sub(clockStart); got != now {
		t.Errorf("the clock is at %v, want %v", got, now)
	}
	c.fired = nil
}

// Timers fire in the order of their times, those of the same time in the order in
// which they were set, and each sees its own time.
func TestVirtualClockFiresInOrder(t *testing.T) {
	c := newTestClock(t, 1)
	c.timer(2*time.Second, "late")
	c.timer(time.Second, "one")
	c.timer(3*time.Second, "latest")
	c.timer(time.Second, "two")
	c.timer(time.Second, "three")
	c.AfterFunc(1500*time.Millisecond, func() {
		c.note("sets another")
		c.timer(500*time.Millisecond, "set behind late")
		c.timer(0, "at once")
	})
	c.sees(t, 0) // without a Wait nothing moves
	c.wait(t, 999*time.Millisecond)
	c.sees(t, 999*time.Millisecond)
	c.wait(t, time.Millisecond)
	c.sees(t, time.Second, "one at 1s", "two at 1s", "three at 1s")
	c.wait(t, 10*time.Second)
	c.sees(t, 11*time.Second, "sets another at 1.5s", "at once at 1.5s", "late at 2s", "set behind late at 2s", "latest at 3s")
}

// A timer that is stopped does not fire, one that is reset does at its new time
// alone, also if it has fired before.
func TestVirtualTimerStopAndReset(t *testing.T) {
	c := newTestClock(t, 1)
	stopped, again := c.timer(time.Second, "stopped"), c.timer(time.Second, "again")
	behind := c.timer(time.Second, "behind")
	c.timer(time.Second, "first")
	if !stopped.Stop() || stopped.Stop() {
		t.Error("the first Stop of a timer that runs says so, and only that")
	}
	behind.Reset(time.Second)
	again.Reset(3 * time.Second)
	c.wait(t, 2*time.Second)
	c.sees(t, 2*time.Second, "first at 1s", "behind at 1s")
	if behind.Stop() {
		t.Error("one that has fired says that it runs")
	}
	behind.Reset(time.Second)
	stopped.Reset(2 * time.Second)
	c.wait(t, time.Minute)
	c.sees(t, time.Minute+2*time.Second, "again at 3s", "behind at 3s", "stopped at 4s")
}

// A stack whose clock goes slower takes longer for the same.
func TestVirtualClockGoesSlower(t *testing.T) {
	c := newTestClock(t, 4)
	c.timer(time.Second, "timer")
	c.timer(time.Minute, "reset").Reset(2 * time.Second)
	before := c.NowMonotonic()
	c.wait(t, 8*time.Second)
	c.sees(t, 8*time.Second, "timer at 4s", "reset at 8s")
	if d := c.NowMonotonic().Sub(before); d != 2*time.Second {
		t.Errorf("its monotonic clock went on by %v, want 2s", d)
	}
	if zero := before.Milliseconds(); zero != time.Minute.Milliseconds() {
		t.Errorf("its monotonic clock began at %d ms", zero)
	}
}

// A Wait ends with what it waits for, and the clock then stays where it is.
func TestVirtualClockWaitEnds(t *testing.T) {
	c := newTestClock(t, 1)
	done := make(chan struct{})
	c.AfterFunc(time.Second, func() { close(done) })
	c.timer(time.Second, "same time")
	ctx, cancel := context.WithCancel(t.Context())
	c.AfterFunc(2*time.Second, cancel)
	if err := c.Wait(ctx, time.Hour, done); err != nil {
		t.Error(err)
	}
	c.sees(t, time.Second)
	if err := c.Wait(ctx, time.Hour, done); err != nil {
		t.Error(err)
	}
	c.sees(t, time.Second)
	if err := c.Wait(ctx, time.Hour, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	c.sees(t, 2*time.Second, "same time at 1s")
	if err := c.Wait(ctx, time.Hour, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	c.sees(t, 2*time.Second)
}

// Where something is busy a Wait ends with what it waits for nevertheless, and so
// does another one that waits for it to let the clock go.
func TestVirtualClockWaitEndsWhileBusy(t *testing.T) {
	for name, end := range map[string]func(cancel, done func()) error{
		"done":      func(_, done func()) error { done(); return nil },
		"cancelled": func(cancel, _ func()) error { cancel(); return context.Canceled },
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClock(t, 1)
			asked := make(restless)
			c.still.join(asked)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			ended := make(chan error, 2)
			for range cap(ended) {
				go func() { ended <- c.Wait(ctx, time.Hour, done) }()
			}
			<-asked
			want := end(cancel, func() { close(done) })
			for range cap(ended) {
				if err := <-ended; !errors.Is(err, want) {
					t.Errorf("it ended with %v", err)
				}
			}
			c.sees(t, 0)
		})
	}
}

// restless is a part that is never still, and says that it was asked.
type restless chan struct{}

func (b restless) state() state {
	select {
	case b <- struct{}{}:
	default:
	}
	return active
}
