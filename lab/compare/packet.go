// Package compare holds captured packets against the documented ones, field by
// field.
package compare

import (
	"fmt"
	"slices"
	"strings"

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
}

// PacketOf takes from an event what is compared.
func PacketOf(e *dissect.Event) Packet {
	return Packet{
		From: e.Segment.Src.Port(), To: e.Segment.Dst.Port(),
		Flags: e.Segment.Flags, Seq: e.RelSeq, Ack: e.RelAck, Length: e.Segment.Length,
		Options: optionText(e.Segment.Options), Window: e.Segment.Window,
		Payload: slices.Clone(e.Segment.Payload),
	}
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
