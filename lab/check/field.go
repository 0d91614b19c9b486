package check

import (
	"fmt"
	"strconv"

	"chatlab/sniffer/dissect"
)

// field is one field that is compared.
type field struct {
	name    string
	applies func(documented *Seen) bool // nil: to every packet
	equal   func(documented, got *Seen) bool
	// must tells whether the field can be, and so must be, as documented.
	must func(documented *Seen, place Place) bool
	text func(*Seen) string
}

func always(*Seen, Place) bool { return true }

// fields are the fields that are compared. What is not among them differs by
// nature from run to run: the time of day, the absolute sequence numbers, the
// timestamps' values and the IP ids.
var fields = []field{
	{
		name:  "direction",
		equal: func(d, g *Seen) bool { return d.From == g.From && d.To == g.To },
		must:  always,
		text:  func(s *Seen) string { return fmt.Sprintf("%d > %d", s.From, s.To) },
	}, {
		name:  "flags",
		equal: func(d, g *Seen) bool { return d.Flags == g.Flags },
		must:  always,
		// In brackets, as tcpdump prints them: else a comma behind them reads on.
		text: func(s *Seen) string { return "[" + s.Flags.String() + "]" },
	}, {
		name:  "seq",
		equal: func(d, g *Seen) bool { return d.Seq == g.Seq },
		must:  always,
		text:  func(s *Seen) string { return strconv.FormatUint(uint64(s.Seq), 10) },
	}, {
		name:  "ack",
		equal: func(d, g *Seen) bool { return d.Ack == g.Ack },
		must:  always,
		text:  func(s *Seen) string { return strconv.FormatUint(uint64(s.Ack), 10) },
	}, {
		name:  "length",
		equal: func(d, g *Seen) bool { return d.Length == g.Length },
		must:  always,
		text:  func(s *Seen) string { return strconv.Itoa(s.Length) },
	}, {
		name:  "options",
		equal: func(d, g *Seen) bool { return d.Options == g.Options },
		must:  func(d *Seen, p Place) bool { return p.Options || d.Flags&dissect.SYN == 0 },
		text:  func(s *Seen) string { return s.Options },
	}, {
		name:  "window",
		equal: func(d, g *Seen) bool { return d.Window == g.Window },
		must: func(d *Seen, p Place) bool {
			return p.Options && d.Flags&(dissect.SYN|dissect.ACK) == dissect.SYN|dissect.ACK
		},
		text: func(s *Seen) string { return strconv.Itoa(int(s.Window)) },
	}, {
		name:    "payload",
		applies: func(d *Seen) bool { return d.Length > 0 },
		equal:   samePayload,
		must:    always,
		text:    func(s *Seen) string { return fmt.Sprintf("%q", s.Payload) },
	},
}
