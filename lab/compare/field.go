package compare

import (
	"bytes"
	"fmt"
	"strconv"

	"chatlab/sniffer/tcp"
)

// field is one field that is compared.
type field struct {
	name    string
	applies func(documented *Packet) bool // nil: to every packet
	equal   func(documented, got *Packet) bool
	// must tells whether the field can be, and so must be, as documented.
	must func(documented *Packet, place Place) bool
	text func(*Packet) string
}

func always(*Packet, Place) bool { return true }

// fields are the fields that are compared. What is not among them differs by
// nature from run to run: the time of day, the absolute sequence numbers, the
// timestamps' values and the IP ids.
var fields = []field{
	{
		name:  "direction",
		equal: func(d, g *Packet) bool { return d.From == g.From && d.To == g.To },
		must:  always,
		text:  func(s *Packet) string { return fmt.Sprintf("%d > %d", s.From, s.To) },
	}, {
		name:  "flags",
		equal: func(d, g *Packet) bool { return d.Flags == g.Flags },
		must:  always,
		// In brackets, as tcpdump prints them: else a comma behind them reads on.
		text: func(s *Packet) string { return "[" + s.Flags.String() + "]" },
	}, {
		name:  "seq",
		equal: func(d, g *Packet) bool { return d.Seq == g.Seq },
		must:  always,
		text:  func(s *Packet) string { return strconv.FormatUint(uint64(s.Seq), 10) },
	}, {
		name:  "ack",
		equal: func(d, g *Packet) bool { return d.Ack == g.Ack },
		must:  always,
		text:  func(s *Packet) string { return strconv.FormatUint(uint64(s.Ack), 10) },
	}, {
		name:  "length",
		equal: func(d, g *Packet) bool { return d.Length == g.Length },
		must:  always,
		text:  func(s *Packet) string { return strconv.Itoa(s.Length) },
	}, {
		name:  "options",
		equal: func(d, g *Packet) bool { return d.Options == g.Options },
		must:  func(d *Packet, p Place) bool { return p.Options || d.Flags&tcp.SYN == 0 },
		text:  func(s *Packet) string { return s.Options },
	}, {
		name:  "window",
		equal: func(d, g *Packet) bool { return d.Window == g.Window },
		must: func(d *Packet, p Place) bool {
			return p.Options && d.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK
		},
		text: func(s *Packet) string { return strconv.Itoa(int(s.Window)) },
	}, {
		name:    "payload",
		applies: func(d *Packet) bool { return d.Length > 0 },
		equal:   func(d, g *Packet) bool { return bytes.Equal(d.Payload, g.Payload) },
		must:    always,
		text:    func(s *Packet) string { return fmt.Sprintf("%q", s.Payload) },
	},
}
