package compare

import (
	"slices"

	"chatlab/lab/scenario"
	"chatlab/sniffer/tcp"
)

// had is what a capture had in common with that of 2014: what is known of its place,
// and what its connections show when they begin. What an end shows it must keep to.
type had struct {
	Place
	// numbers: both initial sequence numbers are the documented ones. By the
	// direction in which the connection was made.
	numbers map[flow]bool
	// windows: so are both ends' windows, as far as to an end's first acknowledgement
	// of data. Up to there a stack has chosen them, and measured anew.
	windows map[flow]bool
}

// flow is one direction of a connection, by its ports.
type flow struct{ from, to uint16 }

func flowOf(p *Packet) flow { return flow{p.From, p.To} }

// connection gives the direction in which the connection was made.
func (f flow) connection() flow {
	if f.from == scenario.ServerPort {
		return flow{f.to, f.from}
	}
	return f
}

// beginning gives the packets of a flow up to the first that acknowledges data.
func (f flow) beginning(packets []Packet) (first []Packet) {
	for i := range packets {
		if p := &packets[i]; flowOf(p) == f {
			first = append(first, *p)
			if p.Flags&(tcp.SYN|tcp.ACK) == tcp.ACK && p.Ack > 1 {
				break
			}
		}
	}
	return first
}

// look looks for what was had in the packets that were captured.
func look(captured []Packet, place Place) *had {
	h := &had{place, map[flow]bool{}, map[flow]bool{}}
	earlier, documented, err := all()
	if err != nil {
		return h // the caller had its documented packets from there, too
	}
	documented = slices.Concat(earlier, documented)
	captured = slices.Concat(place.Earlier, captured)
	for _, port := range []uint16{scenario.EarlierPort, scenario.NewcomerPort} {
		there := flow{port, scenario.ServerPort}
		h.numbers[there], h.windows[there] = true, true
		for _, f := range []flow{there, {scenario.ServerPort, port}} {
			want, got := f.beginning(documented), f.beginning(captured)
			begun := len(got) > 0 && got[0].Flags&tcp.SYN != 0
			h.numbers[there] = h.numbers[there] && begun && got[0].AbsoluteSeq == want[0].AbsoluteSeq
			h.windows[there] = h.windows[there] && begun && got[0].Window == want[0].Window &&
				!slices.ContainsFunc(got[1:], func(p Packet) bool { return p.Window != want[len(want)-1].Window })
		}
	}
	return h
}
