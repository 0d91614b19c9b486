package dissect

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"chatlab/sniffer/capture"
)

// Flags are the TCP header's control bits (RFC 9293 §3.1).
type Flags uint8

// The control bits.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// String gives the flags as tcpdump prints them: "S", "S.", "P.", "none".
func (f Flags) String() string {
	const letters = "FSRP.UEW"
	b := make([]byte, 0, len(letters))
	for i := range letters {
		if f&(1<<i) != 0 {
			b = append(b, letters[i])
		}
	}
	if len(b) == 0 {
		return "none"
	}
	return string(b)
}

// Segment is one TCP segment over IPv4 or IPv6. Its slices point into the
// packet that it was decoded from.
type Segment struct {
	Time     time.Time
	Src, Dst netip.AddrPort
	TTL      uint8  // or IPv6's hop limit
	ID       uint16 // of the IPv4 header; 0 over IPv6
	Seq, Ack uint32
	Flags    Flags
	Window   uint16 // as in the header, not scaled
	Options  []byte // the raw options, padding included
	Payload  []byte // as far as it was captured
	Length   int    // of the payload on the wire, in bytes
	// Offsets in the packet's Data: of the network header, the TCP header and
	// the payload.
	Network, Transport, Data int
}

// ErrNotTCP says that a packet is no TCP segment, is a later fragment of one,
// or was cut off before its TCP header's end.
var ErrNotTCP = errors.New("not a tcp segment")

// Decode fills s from p.
func (s *Segment) Decode(p *capture.Packet) error {
	off, ok := networkOffset(p)
	if !ok || off >= len(p.Data) {
		return ErrNotTCP
	}
	b := p.Data[off:]
	var src, dst netip.Addr
	var tcp, length int // offset in b of the TCP header, its length with payload
	switch b[0] >> 4 {
	case 4:
		if len(b) < 20 {
			return ErrNotTCP
		}
		head := int(b[0]&0x0f) * 4
		total := int(binary.BigEndian.Uint16(b[2:]))
		if total == 0 { // segmentation offload: the length did not fit
			total = p.Length - off
		}
		fragment := binary.BigEndian.Uint16(b[6:])
		if head < 20 || total < head || b[9] != 6 || fragment&0x1fff != 0 {
			return ErrNotTCP
		}
		src, dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
		s.TTL, s.ID = b[8], binary.BigEndian.Uint16(b[4:])
		tcp, length = head, total-head
	case 6:
		if len(b) < 40 {
			return ErrNotTCP
		}
		total := 40 + int(binary.BigEndian.Uint16(b[4:]))
		if total == 40 { // a jumbogram or segmentation offload
			total = p.Length - off
		}
		tcp = skipExtensions(b)
		if tcp < 0 || tcp > total {
			return ErrNotTCP
		}
		src, dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
		s.TTL, s.ID = b[7], 0
		length = total - tcp
	default:
		return ErrNotTCP
	}
	if len(b) < tcp+20 {
		return ErrNotTCP
	}
	t := b[tcp:]
	head := int(t[12]>>4) * 4
	if head < 20 || head > length || head > len(t) {
		return ErrNotTCP
	}
	s.Time = p.Time
	s.Src = netip.AddrPortFrom(src, binary.BigEndian.Uint16(t))
	s.Dst = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(t[2:]))
	s.Seq, s.Ack = binary.BigEndian.Uint32(t[4:]), binary.BigEndian.Uint32(t[8:])
	s.Flags, s.Window = Flags(t[13]), binary.BigEndian.Uint16(t[14:])
	s.Options = t[20:head]
	s.Length = length - head
	// What follows the datagram is the link layer's padding.
	s.Payload = t[head:min(len(t), length)]
	s.Network, s.Transport, s.Data = off, off+tcp, off+tcp+head
	return nil
}

// skipExtensions gives the offset of the TCP header in the IPv6 packet b behind
// the extension headers of RFC 8200 §4, or -1.
func skipExtensions(b []byte) int {
	next, off := b[6], 40
	for {
		switch next {
		case 6:
			return off
		case 0, 43, 60: // hop-by-hop, routing, destination options
			if len(b) < off+2 {
				return -1
			}
			next, off = b[off], off+8+int(b[off+1])*8
		case 44: // fragment: only the first holds the header
			if len(b) < off+8 || binary.BigEndian.Uint16(b[off+2:])&0xfff8 != 0 {
				return -1
			}
			next, off = b[off], off+8
		default:
			return -1
		}
	}
}

// networkOffset gives the offset of the IP header in p.Data. What is neither
// IPv4 nor IPv6 has none.
func networkOffset(p *capture.Packet) (int, bool) {
	b := p.Data
	switch p.LinkType {
	case capture.Ethernet:
		return behindEtherType(b, 12)
	case capture.LinuxSLL:
		return behindEtherType(b, 14)
	case capture.LinuxSLL2:
		if len(b) < 20 {
			return 0, false
		}
		_, ok := behindEtherType(b, 0)
		return 20, ok
	case capture.Null, capture.Loop:
		return 4, true
	case capture.Raw, capture.IPv4, capture.IPv6:
		return 0, true
	}
	return 0, false
}

// behindEtherType reads the EtherType at off and passes over VLAN tags
// (IEEE 802.1Q, 802.1ad).
func behindEtherType(b []byte, off int) (int, bool) {
	for len(b) >= off+2 {
		switch binary.BigEndian.Uint16(b[off:]) {
		case 0x0800, 0x86dd:
			return off + 2, true
		case 0x8100, 0x88a8, 0x9100:
			off += 4
		default:
			return 0, false
		}
	}
	return 0, false
}
