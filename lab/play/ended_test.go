package play

import (
	"context"
	"errors"
	"testing"
	"time"

	"chatlab/lab/stage"
	"chatlab/sniffer/dissect"
)

// A performance ends where its packets are no longer taken, at whatever packet: what is
// captured behind that one keeps nobody waiting.
func TestPacketsAreNoLongerTaken(t *testing.T) {
	enough := errors.New("enough")
	for name, open := range map[string]func() (stage.Stage, error){
		stage.Exact:     OpenExact,
		stage.Userspace: func() (stage.Stage, error) { return stage.Open(stage.Userspace) },
	} {
		for most := range 20 {
			s, err := open()
			if err != nil {
				t.Fatal(err)
			}
			n, ended := 0, make(chan error, 1)
			live := Live{
				Stage: s,
				Pace:  func(ctx context.Context, d time.Duration) error { return s.Clock().Wait(ctx, Fast(d), nil) },
				Packet: func(*dissect.Segment) error {
					if n++; n > most {
						return enough
					}
					return nil
				},
			}
			go func() { ended <- live.Run(t.Context()) }()
			select {
			case err := <-ended:
				if !errors.Is(err, enough) {
					t.Errorf("%s, packet %d: %v", name, most+1, err)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: hangs behind packet %d", name, most+1)
			}
			s.Close()
		}
	}
}
