package compare

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/tcp"
)

// field is one field that is compared.
type field struct {
	name    string
	applies func(documented *Packet) bool // nil: to every packet
	equal   func(documented, got *Packet) bool
	// must tells whether the field can be, and so must be, as documented.
	must func(documented *Packet, had *had) bool
	text func(*Packet) string
}

func always(*Packet, *had) bool      { return true }
func exact(_ *Packet, h *had) bool   { return h.Exact }
func numbers(d *Packet, h *had) bool { return h.numbers[flowOf(d).connection()] }
func number(n uint32) string         { return strconv.FormatUint(uint64(n), 10) }

// fields are the fields that are compared.
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
		text:  func(s *Packet) string { return number(s.Seq) },
	}, {
		name:  "ack",
		equal: func(d, g *Packet) bool { return d.Ack == g.Ack },
		must:  always,
		text:  func(s *Packet) string { return number(s.Ack) },
	}, {
		name:  "absolute_seq",
		equal: func(d, g *Packet) bool { return d.AbsoluteSeq == g.AbsoluteSeq },
		must:  numbers,
		text:  func(s *Packet) string { return number(s.AbsoluteSeq) },
	}, {
		name:  "absolute_ack",
		equal: func(d, g *Packet) bool { return d.AbsoluteAck == g.AbsoluteAck },
		must:  numbers,
		text:  func(s *Packet) string { return number(s.AbsoluteAck) },
	}, {
		name:  "window",
		equal: func(d, g *Packet) bool { return d.Window == g.Window },
		must: func(d *Packet, h *had) bool {
			return h.windows[flowOf(d).connection()] || h.Options && d.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK
		},
		text: func(s *Packet) string { return strconv.Itoa(int(s.Window)) },
	}, {
		name:  "options",
		equal: func(d, g *Packet) bool { return d.Options == g.Options },
		must:  func(d *Packet, h *had) bool { return h.Options || d.Flags&tcp.SYN == 0 },
		text:  func(s *Packet) string { return s.Options },
	}, {
		name:  "length",
		equal: func(d, g *Packet) bool { return d.Length == g.Length },
		must:  always,
		text:  func(s *Packet) string { return strconv.Itoa(s.Length) },
	}, {
		name:    "payload",
		applies: func(d *Packet) bool { return d.Length > 0 },
		equal:   func(d, g *Packet) bool { return bytes.Equal(d.Payload, g.Payload) },
		must:    always,
		text:    func(s *Packet) string { return fmt.Sprintf("%q", s.Payload) },
	}, {
		name: "time",
		// To the microsecond, as tcpdump printed it.
		equal: func(d, g *Packet) bool { return d.Time.Equal(g.Time.Truncate(time.Microsecond)) },
		must:  exact,
		text:  func(s *Packet) string { return s.Time.In(scenario.Zone).Format("15:04:05.000000") },
	}, {
		name:  "ts",
		equal: func(d, g *Packet) bool { return d.TSVal == g.TSVal && d.TSEcr == g.TSEcr },
		must:  exact,
		text:  func(s *Packet) string { return fmt.Sprintf("val %d ecr %d", s.TSVal, s.TSEcr) },
	}, {
		name:  "id",
		equal: func(d, g *Packet) bool { return d.ID == g.ID },
		must:  exact,
		text:  func(s *Packet) string { return strconv.Itoa(int(s.ID)) },
	},
}
