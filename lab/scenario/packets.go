package scenario

import (
	"encoding/binary"
	"fmt"
	"net"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// What the loopback of 2014 said in a SYN.
const (
	documentedMSS         = 16396 // MTU 16436 less 40 bytes of headers
	documentedWindowScale = 7
)

// Packets builds the documented packets from their fields, as "-i any" captured
// them in 2014: with LINUX_SLL headers. With earlier the 15 reconstructed ones
// come first.
func Packets(earlier bool) ([]capture.Packet, error) {
	segments := Documented()
	if !earlier {
		segments = segments[EarlierCount:]
	}
	packets := make([]capture.Packet, len(segments))
	for i, s := range segments {
		data, err := s.bytes()
		if err != nil {
			return nil, fmt.Errorf("build packet %d: %w", i+1, err)
		}
		packets[i] = capture.Packet{
			Time: s.Time, LinkType: capture.LinuxSLL, Direction: capture.DirectionIn,
			Length: len(data), Data: data,
		}
	}
	return packets, nil
}

func (s Segment) bytes() ([]byte, error) {
	loopback := net.IPv4(127, 0, 0, 1)
	ip := &layers.IPv4{
		Version: 4, TTL: 64, Id: s.ID, Flags: layers.IPv4DontFragment,
		Protocol: layers.IPProtocolTCP, SrcIP: loopback, DstIP: loopback,
	}
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(s.From), DstPort: layers.TCPPort(s.To),
		Seq: s.Seq, Ack: s.Ack, Window: s.Window,
		SYN: s.Flags&tcp.SYN != 0, ACK: s.Flags&tcp.ACK != 0, PSH: s.Flags&tcp.PSH != 0,
		Options: s.options(),
	}
	head := 20
	for _, o := range tcp.Options {
		head += max(1, int(o.OptionLength))
	}
	tcp.Checksum = pseudoHeaderSum(head + len(s.Payload))
	buffer := gopacket.NewSerializeBuffer()
	// The TCP checksum is not the right one: the loopback never completes it.
	// gopacket computes all checksums or none, so the layers go in one by one.
	if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true},
		tcp, gopacket.Payload(s.Payload)); err != nil {
		return nil, err
	}
	if err := ip.SerializeTo(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}); err != nil {
		return nil, err
	}
	return append(LinkHeader(), buffer.Bytes()...), nil
}

// LinkHeader is what stands before each documented packet: LINKTYPE_LINUX_SLL, with
// packet type "to us", ARPHRD_LOOPBACK, a six-byte address of zeros padded to eight,
// and the protocol.
func LinkHeader() []byte {
	sll := make([]byte, 16)
	binary.BigEndian.PutUint16(sll[2:], 772)
	binary.BigEndian.PutUint16(sll[4:], 6)
	binary.BigEndian.PutUint16(sll[14:], uint16(layers.EthernetTypeIPv4))
	return sll
}

func (s Segment) options() []layers.TCPOption {
	stamp := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, s.TSVal), s.TSEcr)
	nop := layers.TCPOption{OptionType: layers.TCPOptionKindNop}
	ts := layers.TCPOption{OptionType: layers.TCPOptionKindTimestamps, OptionLength: 10, OptionData: stamp}
	if s.Flags&tcp.SYN == 0 {
		return []layers.TCPOption{nop, nop, ts}
	}
	return []layers.TCPOption{
		{OptionType: layers.TCPOptionKindMSS, OptionLength: 4,
			OptionData: binary.BigEndian.AppendUint16(nil, documentedMSS)},
		{OptionType: layers.TCPOptionKindSACKPermitted, OptionLength: 2},
		ts, nop,
		{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{documentedWindowScale}},
	}
}

// pseudoHeaderSum is what stands in the checksum field of a segment of length
// bytes between 127.0.0.1 and 127.0.0.1 when the checksum is left to a network
// card that loopback does not have (CHECKSUM_PARTIAL): the folded sum of the
// pseudo header of RFC 9293 §3.1, not complemented.
func pseudoHeaderSum(length int) uint16 {
	sum := 2*(0x7f00+0x0001) + int(layers.IPProtocolTCP) + length
	return uint16(sum>>16 + sum&0xffff)
}
