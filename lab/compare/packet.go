// Package compare holds captured packets against the documented ones, field by
// field.
package compare

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"chatlab/sniffer/dissect"
)

// Packet is what is compared of a packet.
type Packet struct {
	From, To uint16 // ports
	Flags    dissect.Flags
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
	for len(b) > 0 {
		kind := b[0]
		if kind == 0 {
			names = append(names, "eol")
			break
		}
		if kind == 1 {
			names, b = append(names, "nop"), b[1:]
			continue
		}
		if len(b) < 2 || int(b[1]) < 2 || int(b[1]) > len(b) {
			names = append(names, "malformed")
			break
		}
		data := b[2:b[1]]
		switch {
		case kind == 2 && len(data) == 2:
			names = append(names, fmt.Sprintf("mss %d", binary.BigEndian.Uint16(data)))
		case kind == 3 && len(data) == 1:
			names = append(names, fmt.Sprintf("wscale %d", data[0]))
		case kind == 4:
			names = append(names, "sackOK")
		case kind == 8:
			names = append(names, "TS")
		default:
			names = append(names, fmt.Sprintf("option %d", kind))
		}
		b = b[b[1]:]
	}
	return strings.Join(names, ",")
}
