package play

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

func TestMain(m *testing.M) {
	if stage.Broker(os.Args[1:]) {
		// With the race detector an ordinary end sleeps for a second.
		syscall.Exit(0)
	}
	os.Exit(m.Run())
}

// countedPreparer counts how often it prepares.
type countedPreparer struct {
	stage.Stage
	n int
}

func (c *countedPreparer) Prepare(ctx context.Context, connections []stage.Connection) error {
	c.n++
	return c.Stage.(stage.Preparer).Prepare(ctx, connections)
}

// A connection that is made when its preparation is over is prepared again, and what
// does so is no part of the scenario.
func TestPreparedAgain(t *testing.T) {
	s, err := stage.Open(stage.Namespace)
	var unavailable *stage.Unavailable
	if errors.As(err, &unavailable) {
		t.Skipf("%v; allow it, or run as root", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	counted := &countedPreparer{Stage: s}
	packets, syns := 0, 0
	live := Live{
		Stage: counted, preparedTime: time.Nanosecond,
		Pace: func(ctx context.Context, d time.Duration) error { return Pause(ctx, Fast(d)) },
		Packet: func(s *dissect.Segment) error {
			packets++
			if s.Flags&tcp.SYN == 0 {
				return nil
			}
			for _, d := range scenario.Documented() {
				if d.From == s.Src.Port() && d.To == s.Dst.Port() && d.Flags == s.Flags && d.Seq == s.Seq {
					syns++
				}
			}
			return nil
		},
	}
	if err := live.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if errors.Is(live.Unprepared, fs.ErrPermission) {
		t.Skipf("%v; give CAP_NET_ADMIN over the namespace", live.Unprepared)
	}
	if live.Unprepared != nil || counted.n != 3 {
		t.Errorf("prepared %d times, want once, and once for each connection; %v", counted.n, live.Unprepared)
	}
	// A busy machine acknowledges late: then there are more.
	if packets < 34 || packets > 38 || syns != 4 {
		t.Errorf("%d packets, %d SYNs with the documented number", packets, syns)
	}
}

func TestConnections(t *testing.T) {
	all := connections()
	if len(all) != 2 {
		t.Fatalf("%d connections", len(all))
	}
	c := all[1]
	if c.From != 60653 || c.To != 7272 || c.ISNFrom != 3524290970 || c.ISNTo != 692696454 {
		t.Errorf("the newcomer's is %+v", c)
	}
	// To the last documented bytes: 3524291782 and 692696902.
	var from, to int
	for _, size := range c.Sizes {
		from, to = from+max(size, 0), to+max(-size, 0)
	}
	if from != 3524291782-3524290971 || to != 692696902-692696455 || c.Sizes[0] != 715 {
		t.Errorf("the newcomer's sizes are %v", c.Sizes)
	}
	if c := all[0]; c.From != 60584 || c.ISNFrom == 0 || c.ISNTo == 0 || len(c.Sizes) < 4 {
		t.Errorf("the earlier browser's is %+v", c)
	}
}
