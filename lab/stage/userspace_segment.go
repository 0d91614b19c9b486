package stage

import (
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/seqnum"
)

// segment has the fields of a TCP segment that the link needs.
type segment struct {
	flow
	packet     []byte
	seq, ack   seqnum.Value
	flags      header.TCPFlags
	headerSize int // size of the TCP header, in bytes
	length     int // of the data, in bytes
}

// parseSegment parses an IPv4 packet that the stack has made, and reports whether
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
		flow: flow{tcp.SourcePort(), tcp.DestinationPort()}, packet: b,
		seq: seqnum.Value(tcp.SequenceNumber()), ack: seqnum.Value(tcp.AckNumber()),
		flags: tcp.Flags(), headerSize: size, length: len(tcp) - size,
	}, true
}

// setPartialChecksum sets the checksum to that of the pseudo header alone. Linux
// leaves this in the field for a network card to complete (CHECKSUM_PARTIAL in
// include/linux/skbuff.h), and so it is captured on a loopback, where no card does.
// Nobody verifies it, as this link cannot damage a packet.
func (s *segment) setPartialChecksum() {
	ip := header.IPv4(s.packet)
	header.TCP(ip.Payload()).SetChecksum(header.PseudoHeaderChecksum(
		header.TCPProtocolNumber, ip.SourceAddress(), ip.DestinationAddress(), ip.PayloadLength()))
}

// windowClamp is the largest window that is offered, in bytes, and windowScale its
// unit (RFC 7323 §2.2).
const (
	windowClamp = 32768
	windowScale = 7
)

// clampWindow bounds the window that a segment offers, as TCP_WINDOW_CLAMP does on
// Linux (tcp(7)): the stack has that option, but does not heed it. So a window does
// not shrink while little is unread.
func (s *segment) clampWindow() {
	tcp := header.TCP(header.IPv4(s.packet).Payload())
	clamp := uint16(windowClamp >> windowScale)
	if s.flags&header.TCPFlagSyn != 0 {
		clamp = windowClamp
	}
	tcp.SetWindowSize(min(tcp.WindowSize(), clamp))
}
