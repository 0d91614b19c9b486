package stage

import (
	"context"
	"time"
)

// Clock is the time on a stage.
type Clock interface {
	// Now is the time of day there.
	Now() time.Time
	// Wait returns when done is closed, or when d has passed on the stage. done may
	// be nil.
	Wait(ctx context.Context, d time.Duration, done <-chan struct{}) error
}

// realClock is the clock of stages whose time is everybody's.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Wait(ctx context.Context, d time.Duration, done <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
