package play

import (
	"context"

	"chatlab/lab/scenario"
	"chatlab/lab/stage"
	"chatlab/sniffer/tcp"
)

// prepare has the scenario's connections prepared, on a stage that can.
func prepare(ctx context.Context, s stage.Stage) error {
	if p, ok := s.(stage.Preparer); ok {
		return p.Prepare(ctx, connections())
	}
	return nil
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
