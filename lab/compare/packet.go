// Package compare holds captured packets against the documented ones, field by
// field.
package compare

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Packet is what is compared of a packet.
type Packet struct {
	From, To uint16 // ports
	Flags    tcp.Flags
	Seq, Ack uint32 // relative
	Length   int    // of the payload, in bytes
	Options  string // as tcpdump prints them, without the timestamps' values
	Window   uint16
	Payload  []byte

	AbsoluteSeq, AbsoluteAck uint32
	Time                     time.Time
	TSVal, TSEcr             uint32 // of the timestamp option
	ID                       uint16 // of the IPv4 header
	Bytes                    []byte // the packet from the IP header on
}

// PacketOf takes from an event what is compared.
func PacketOf(e *dissect.Event) Packet {
	s := e.Segment
	p := Packet{
		From: s.Src.Port(), To: s.Dst.Port(),
		Flags: s.Flags, Seq: e.RelSeq, Ack: e.RelAck, Length: s.Length,
		Options: optionText(s.Options), Window: s.Window,
		Payload:     slices.Clone(s.Payload),
		AbsoluteSeq: s.Seq, AbsoluteAck: s.Ack, Time: s.Packet.Time, ID: s.ID,
		Bytes: slices.Clone(s.Packet.Data[s.Network : s.Data+len(s.Payload)]),
	}
	for o, err := range tcp.Options(s.Options) {
		if value, echo, ok := o.Timestamps(); ok && err == nil {
			p.TSVal, p.TSEcr = value, echo
		}
	}
	return p
}

// optionText names the TCP options in b, with the values that do not change
// from run to run.
func optionText(b []byte) string {
	var names []string
	for o, err := range tcp.Options(b) {
		name := o.Kind.String()
		if err != nil {
			name = "malformed"
		} else if mss, ok := o.MaximumSegmentSize(); ok {
			name += fmt.Sprintf(" %d", mss)
		} else if shift, ok := o.WindowScale(); ok {
			name += fmt.Sprintf(" %d", shift)
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}
