package gateway

import (
	"testing"
	"time"
)

// The rate is an average: what was not used is saved up, but for one burst only.
func TestBucket(t *testing.T) {
	b := bucket{perSecond: 10}
	now := int64(time.Hour)
	burst := func(n int) {
		t.Helper()
		for i := range n {
			if !b.take(now) {
				t.Fatalf("message %d of %d is refused", i+1, n)
			}
		}
	}
	burst(20)
	for range 60 {
		now += int64(time.Second)
		burst(10)
	}
	if b.take(now) {
		t.Error("a message too many is taken")
	}
	now += int64(time.Hour)
	burst(20)
	if b.take(now) {
		t.Error("more than a burst is saved up")
	}
	b = bucket{} // no limit
	burst(1000)
}
