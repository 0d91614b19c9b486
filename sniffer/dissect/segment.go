package dissect

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// Segment is one TCP segment over IPv4 or IPv6, with the packet that it was
// decoded from. Its slices point into that packet and are valid as long.
type Segment struct {
	Packet   *capture.Packet
	Src, Dst netip.AddrPort
	TTL      uint8  // or IPv6's hop limit
	ID       uint16 // of the IPv4 header; 0 over IPv6
	Seq, Ack uint32
	Flags    tcp.Flags
	Window   uint16 // as in the header, not scaled
	Options  []byte // the raw options, padding included
	Payload  []byte // as far as it was captured
	Length   int    // of the payload on the wire, in bytes
	// Offsets in the packet's Data: of the network header, the TCP header and
	// the payload.
	Network, Transport, Data int
}

// Why a packet is not decoded.
var (
	ErrLinkType  = errors.New("link type not understood")
	ErrNotIP     = errors.New("not IP")
	ErrNotTCP    = errors.New("IP, but not TCP")
	ErrFragment  = errors.New("a later fragment, without a TCP header")
	ErrCut       = errors.New("cut before the end of the TCP header")
	ErrMalformed = errors.New("malformed header")
	ErrProtected = errors.New("an encrypted 802.11 frame")            // WEP, WPA
	ErrAggregate = errors.New("an 802.11 frame with several packets") // A-MSDU
)

// Decode fills s from p. The error is one of this package's; s is then not to be
// used.
func (s *Segment) Decode(p *capture.Packet) error {
	var network Network
	if err := network.Decode(p); err != nil {
		return err
	}
	off := network.Offset
	if off >= len(p.Data) {
		return ErrCut
	}
	b := p.Data[off:min(len(p.Data), off+network.Length)]
	var src, dst netip.Addr
	var at, length int // offset in b of the TCP header, its length with payload
	switch b[0] >> 4 {
	case 4:
		if len(b) < 20 {
			return ErrCut
		}
		head := int(b[0]&0x0f) * 4
		total := int(binary.BigEndian.Uint16(b[2:]))
		if total == 0 { // segmentation offload: the length did not fit
			total = network.Length
		}
		switch {
		case head < 20 || total < head:
			return ErrMalformed
		case b[9] != protocolTCP:
			return ErrNotTCP
		case binary.BigEndian.Uint16(b[6:])&0x1fff != 0:
			return ErrFragment
		}
		src, dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
		s.TTL, s.ID = b[8], binary.BigEndian.Uint16(b[4:])
		at, length = head, total-head
	case 6:
		if len(b) < 40 {
			return ErrCut
		}
		total := 40 + int(binary.BigEndian.Uint16(b[4:]))
		if total == 40 { // a jumbogram or segmentation offload
			total = network.Length
		}
		var err error
		if at, err = skipExtensions(b); err != nil {
			return err
		}
		src, dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
		s.TTL, s.ID = b[7], 0
		length = total - at
	default:
		return ErrNotIP
	}
	switch {
	case length < tcp.MinHeader:
		return ErrMalformed
	case len(b) < at+tcp.MinHeader:
		return ErrCut
	}
	t := b[at:]
	head := int(t[12]>>4) * 4
	switch {
	case head < tcp.MinHeader || head > length:
		return ErrMalformed
	case head > len(t):
		return ErrCut
	}
	s.Packet = p
	s.Src = netip.AddrPortFrom(src, binary.BigEndian.Uint16(t))
	s.Dst = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(t[2:]))
	s.Seq, s.Ack = binary.BigEndian.Uint32(t[4:]), binary.BigEndian.Uint32(t[8:])
	s.Flags, s.Window = tcp.Flags(t[13]), binary.BigEndian.Uint16(t[14:])
	s.Options = t[tcp.MinHeader:head]
	s.Length = length - head
	// What follows the datagram is the link layer's padding.
	s.Payload = t[head:min(len(t), length)]
	s.Network, s.Transport, s.Data = off, off+at, off+at+head
	return nil
}

// Clone gives a copy of s that owns its packet. The packet begins with its IP
// header (capture.Raw), whatever the link type was.
func (s *Segment) Clone() *Segment {
	p, c := *s.Packet, *s
	p.LinkType, p.Length, p.Data = capture.Raw, p.Length-s.Network, slices.Clone(p.Data[s.Network:])
	c.Packet = &p
	c.Network, c.Transport, c.Data = 0, s.Transport-s.Network, s.Data-s.Network
	c.Options = p.Data[c.Transport+tcp.MinHeader : c.Data]
	c.Payload = p.Data[c.Data:][:len(s.Payload)]
	return &c
}

// protocolTCP is TCP's number in an IP header (RFC 9293 §3.1).
const protocolTCP = 6

// skipExtensions gives the offset of the TCP header in the IPv6 packet b behind
// the extension headers of RFC 8200 §4.
func skipExtensions(b []byte) (int, error) {
	next, off := b[6], 40
	for next != protocolTCP {
		size := 8
		switch next {
		case 0, 43, 60: // hop-by-hop, routing, destination options
			if len(b) < off+2 {
				return 0, ErrCut
			}
			size += int(b[off+1]) * 8
		case 44: // fragment: only the first holds the header
			if len(b) < off+4 {
				return 0, ErrCut
			}
			if binary.BigEndian.Uint16(b[off+2:])&0xfff8 != 0 {
				return 0, ErrFragment
			}
		default:
			return 0, ErrNotTCP
		}
		if len(b) < off+size {
			return 0, ErrCut
		}
		next, off = b[off], off+size
	}
	return off, nil
}
