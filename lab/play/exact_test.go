package play

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/dissect"
)

// A living stack sends the documented packets, each byte of them, at the documented
// times.
func TestExact(t *testing.T) {
	want, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenExact()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	live := Live{
		Stage: s,
		Pace:  func(ctx context.Context, d time.Duration) error { return s.Clock().Wait(ctx, d, nil) },
		Packet: func(s *dissect.Segment) error {
			if n++; n > len(want) {
				return fmt.Errorf("%d packets", n)
			}
			if p, w := s.Packet, want[n-1]; !p.Time.Equal(w.Time) || p.LinkType != w.LinkType || p.Length != w.Length || !bytes.Equal(p.Data, w.Data) {
				t.Errorf("packet %d is\n%v % x, want\n%v % x", n, p.Time, p.Data, w.Time, w.Data)
			}
			return nil
		},
	}
	if err := live.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n != len(want) {
		t.Errorf("%d packets, want %d", n, len(want))
	}
}
