package check

import (
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
)

// What a check costs grows with the conversations that are all as expected, not with
// their square: eight times as many take about eight times as long, not 64 times.
func TestManyAttempts(t *testing.T) {
	check := func(conversations int) time.Duration {
		s := checktest.New(t)
		for i := range conversations {
			s.Play(checktest.Cast{Today: true, Alone: true, Quiet: true, Port: uint16(20000 + i)})
		}
		var c evidence.Capture
		for i := range s.Packets {
			c.Add(&s.Packets[i])
		}
		least := time.Hour
		for range 5 {
			start := time.Now()
			Capture(&c, steps.Task{})
			least = min(least, time.Since(start))
		}
		return least
	}
	if few, many := check(200), check(1600); many > 24*few {
		t.Errorf("200 conversations take %v, 1600 %v", few, many)
	}
}
