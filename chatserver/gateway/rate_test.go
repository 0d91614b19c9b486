package gateway

import (
	"testing"
	"time"
)

// The rate is an average: what was not used is saved up, but for one burst only.
func TestRate(t *testing.T) {
	s := newSession(New(Options{Rate: 10}, nil), &recorder{rec: &record{}})
	burst := func(n int) {
		t.Helper()
		for i := range n {
			if !s.allow() {
				t.Fatalf("message %d of %d is refused", i+1, n)
			}
		}
		if s.allow() {
			t.Fatalf("message %d of %d is taken", n+1, n)
		}
	}
	burst(20)
	for range 60 {
		s.lastRead.Add(int64(time.Second))
		burst(10)
	}
	s.lastRead.Add(int64(time.Hour))
	burst(20)
	s = newSession(New(Options{}, nil), &recorder{rec: &record{}})
	for range 1000 {
		if !s.allow() {
			t.Fatal("there is no limit, and a message is refused")
		}
	}
}
