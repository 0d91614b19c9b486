package play

import (
	"cmp"
	"context"
	"net"
	"time"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/tcp"
)

// preparation has the scenario's connections prepared, on a stage that can.
type preparation struct {
	stage stage.Stage
	lasts time.Duration // 0: the stage's time
	at    time.Time
	// failed says that it need not be tried again.
	failed bool
}

// begin prepares all connections.
func (p *preparation) begin(ctx context.Context) error { return p.prepare(ctx, connections()) }

func (p *preparation) prepare(ctx context.Context, all []stage.Connection) error {
	preparer, ok := p.stage.(stage.Preparer)
	if !ok || p.failed {
		return nil
	}
	err := preparer.Prepare(ctx, all)
	p.at, p.failed = p.stage.Clock().Now(), err != nil
	return err
}

// dial dials on the stage. At the documented pace the newcomer comes seven minutes
// after the earlier browser, and its connection has to be prepared once more. Whether
// it was the packets tell.
func (p *preparation) dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	if !p.at.IsZero() && p.stage.Clock().Now().Sub(p.at) >= cmp.Or(p.lasts, stage.PreparedTime) {
		for _, c := range connections() {
			if c.From == from && c.To == to {
				_ = p.prepare(ctx, []stage.Connection{c})
			}
		}
	}
	return p.stage.Dial(ctx, from, to)
}

// connections gives the scenario's connections, in the order in which they are made.
func connections() (all []stage.Connection) {
	at := map[uint16]int{} // by the browser's port
	for _, s := range scenario.Documented() {
		port, size := s.From, len(s.Payload)
		if s.From == scenario.ServerPort {
			port, size = s.To, -size
		}
		switch s.Flags & (tcp.SYN | tcp.ACK) {
		case tcp.SYN:
			at[port] = len(all)
			all = append(all, stage.Connection{From: s.From, To: s.To, ISNFrom: s.Seq})
		case tcp.SYN | tcp.ACK:
			all[at[port]].ISNTo = s.Seq
		default:
			if size != 0 {
				c := &all[at[port]]
				c.Sizes = append(c.Sizes, size)
			}
		}
	}
	return all
}
