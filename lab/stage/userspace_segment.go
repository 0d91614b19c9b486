package stage

import (
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/seqnum"
)

// segment is what the link looks at in a TCP segment.
type segment struct {
	ends
	packet   []byte
	seq, ack seqnum.Value
	flags    header.TCPFlags
	header   int // size of the TCP header, in bytes
	length   int // of the data, in bytes
}

// parseSegment reads an IPv4 packet that the stack has made, and tells whether
// it holds a TCP segment.
func parseSegment(b []byte) (segment, bool) {
	ip := header.IPv4(b)
	if !ip.IsValid(len(b)) || ip.TransportProtocol() != header.TCPProtocolNumber || len(ip.Payload()) < header.TCPMinimumSize {
		return segment{}, false
	}
	tcp := header.TCP(ip.Payload())
	size := int(tcp.DataOffset())
	if size < header.TCPMinimumSize || size > len(tcp) {
		return segment{}, false
	}
	return segment{
		ends: ends{tcp.SourcePort(), tcp.DestinationPort()}, packet: b,
		seq: seqnum.Value(tcp.SequenceNumber()), ack: seqnum.Value(tcp.AckNumber()),
		flags: tcp.Flags(), header: size, length: len(tcp) - size,
	}, true
}

// startChecksum writes the checksum of the pseudo header alone. That is what
// Linux leaves in the field for a network card to complete (CHECKSUM_PARTIAL in
// include/linux/skbuff.h), and so what is captured on its loopback, where none
// does. On a link that cannot damage a packet nobody verifies it.
func (s *segment) startChecksum() {
	ip := header.IPv4(s.packet)
	header.TCP(ip.Payload()).SetChecksum(header.PseudoHeaderChecksum(
		header.TCPProtocolNumber, ip.SourceAddress(), ip.DestinationAddress(), ip.PayloadLength()))
}
