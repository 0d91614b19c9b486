package tcpdump

import (
	"encoding/binary"
	"net/netip"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// Builders of packets. They check nothing: tests need packets that are wrong.

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func be16(v int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func be32(v int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(v)) }

func addr(s string) []byte { return netip.MustParseAddr(s).AsSlice() }

// segment is a TCP segment's header, whose fields default to something sane.
type segment struct {
	src, dst      int
	seq, ack, win int
	flags         tcp.Flags
	urgent        int
	offset        int // in 32-bit words; 0: what the options take
	sum           int // 0: the right one is put in by ip4 and ip6
	options       []byte
	payload       []byte
}

func (s segment) bytes() []byte {
	for len(s.options)%4 != 0 {
		s.options = append(s.options[:len(s.options):len(s.options)], 0)
	}
	if s.offset == 0 {
		s.offset = 5 + len(s.options)/4
	}
	return join(be16(s.src), be16(s.dst), be32(s.seq), be32(s.ack),
		[]byte{byte(s.offset << 4), byte(s.flags)}, be16(s.win), be16(s.sum), be16(s.urgent), s.options, s.payload)
}

// ip4 puts an IPv4 header before payload, with the right checksums.
func ip4(src, dst string, proto int, options, payload []byte) []byte {
	hlen := 20 + len(options)
	h := join([]byte{byte(0x40 | hlen/4), 0}, be16(hlen+len(payload)), be16(6479), be16(0x4000),
		[]byte{64, byte(proto)}, be16(0), addr(src), addr(dst), options)
	binary.BigEndian.PutUint16(h[10:], fold(sum16(0, h)))
	b := join(h, payload)
	putChecksum(b, proto, b[hlen:])
	return b
}

// ip6 puts an IPv6 header before payload; what headers extend it come before.
func ip6(src, dst string, next int, payload []byte) []byte {
	b := join(be32(0x60000000), be16(len(payload)), []byte{byte(next), 64}, addr(src), addr(dst), payload)
	putChecksum(b, next, b[40:])
	return b
}

func putChecksum(iph []byte, proto int, b []byte) {
	at := map[int]int{protoTCP: 16, protoUDP: 6, protoICMPv6: 2}[proto]
	if at == 0 || len(b) < at+2 || binary.BigEndian.Uint16(b[at:]) != 0 {
		return
	}
	n := uint32(len(b))
	binary.BigEndian.PutUint16(b[at:], transportChecksum(iph, uint8(proto), b, n, n))
}

const (
	client = "192.168.7.20"
	server = "10.0.0.7"
	v6a    = "2001:db8::1:0:0:20"
	v6b    = "fe80::7"
)

func tcp4(s segment) []byte { return ip4(client, server, protoTCP, nil, s.bytes()) }
func tcp6(s segment) []byte { return ip6(v6a, v6b, protoTCP, s.bytes()) }

var (
	macs     = []byte{0x02, 0, 0, 0, 0, 7, 0x02, 0x42, 0xac, 0x11, 0, 0x14}
	etherIP  = map[byte]int{4: etherIPv4, 6: etherIPv6}
	bsdIP    = map[byte]byte{4: afInet, 6: afInet6FreeBSD}
	linkList = []capture.LinkType{
		capture.Ethernet, capture.LinuxSLL, capture.LinuxSLL2, capture.Raw, capture.Null, capture.Loop,
		capture.IPv4, capture.IPv6,
	}
)

// onLink puts a link-layer header before an IP packet.
func onLink(link capture.LinkType, ip []byte) []byte {
	v := ip[0] >> 4
	switch link {
	case capture.Ethernet:
		return join(macs, be16(etherIP[v]), ip)
	case capture.LinuxSLL:
		return join(be16(4), be16(1), be16(6), macs[6:12], be16(0), be16(etherIP[v]), ip)
	case capture.LinuxSLL2:
		return join(be16(etherIP[v]), be16(0), be32(1), be16(772), []byte{0, 6}, make([]byte, 8), ip)
	case capture.Null:
		return join([]byte{bsdIP[v], 0, 0, 0}, ip)
	case capture.Loop:
		return join([]byte{0, 0, 0, bsdIP[v]}, ip)
	}
	return ip
}
