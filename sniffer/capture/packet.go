// Package capture says where packets come from and go to: capture files and
// network interfaces. It does not look inside a packet.
package capture

import "time"

// Packet is one packet as it was captured.
type Packet struct {
	// Time is when the packet was captured, to the source's resolution
	// (microseconds or nanoseconds).
	Time time.Time
	// Excess is how many of Time's seconds stand in the fraction of a pcap file's
	// record: 0 unless the file is broken. tcpdump prints and writes what the file
	// has, "12:00:00.1000000".
	Excess int
	// LinkType tells how Data begins.
	LinkType LinkType
	// Interface is the name of the interface it was captured on, or empty
	// if the source does not tell.
	Interface string
	// Direction is how the packet passed the interface, as the kernel saw it.
	Direction Direction
	// Length is the number of bytes on the wire; Data may hold fewer.
	Length int
	// Data holds the captured bytes, from the link-layer header on. It belongs
	// to the source and is valid until the next Read.
	Data []byte
}

// Fields are Time as a pcap record has it: seconds and, in nanoseconds, their
// fraction, which a broken file may have beyond a second or below 0.
func (p *Packet) Fields() (seconds, fraction int64) {
	return p.Time.Unix() - int64(p.Excess), int64(p.Time.Nanosecond()) + int64(p.Excess)*1e9
}

// Direction is the packet type of packet(7), as LINUX_SLL headers number it.
type Direction uint8

// The directions of packet(7), one above the kernel's PACKET_… numbers, so that
// the zero value says that nothing is known.
const (
	DirectionUnknown Direction = iota
	DirectionIn                // PACKET_HOST
	DirectionBroadcast
	DirectionMulticast
	DirectionOther // PACKET_OTHERHOST: to another host, seen in promiscuous mode
	DirectionOut   // PACKET_OUTGOING
)

// A Source gives packets, one after another.
type Source interface {
	// Read fills p with the next packet, or returns io.EOF after the last one.
	// p.Data is valid until the next Read.
	Read(p *Packet) error
}

// A Sink takes packets. It does not keep p or p.Data.
type Sink interface {
	Write(p *Packet) error
}
