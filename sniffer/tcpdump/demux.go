package tcpdump

import "encoding/binary"

// demux prints what a protocol number announces (print-ip-demux.c). iph is the
// IP header with what follows it.
func (f *formatter) demux(b []byte, length uint32, iph []byte, fragmented bool, proto uint8) {
	ver := iph[0] >> 4
	for proto == protoAH {
		if len(b) < 1 {
			f.proto = "ah"
			f.trunc()
			return
		}
		proto = b[0]
		n := f.ah(b)
		b, length = b[n:], length-uint32(n)
	}
	switch proto {
	case protoTCP:
		f.tcp(b, length, iph, fragmented)
	case protoUDP:
		f.udp(b, length, iph, fragmented)
	case protoICMP:
		if ver == 4 {
			f.icmp(b, length, fragmented)
		} else {
			f.requires(proto, 4)
		}
	case protoICMPv6:
		if ver == 6 {
			f.icmp6(b, length, iph, fragmented)
		} else {
			f.requires(proto, 6)
		}
	case protoEthernet:
		if ver == 6 {
			f.ether(b, length)
		} else {
			f.requires(proto, 6)
		}
	case protoIPv4:
		f.ip(b, length)
	case protoIPv6:
		f.ipv6(b, length)
	case protoND:
		f.str(" nd ").uint(length)
	case protoNone:
		f.str("no next header")
	default:
		if name := protoDecodedByTcpdump[proto]; name != "" {
			if hasPorts(proto) {
				f.addresses(iph).str(": ")
			}
			f.undecoded(name, length)
			return
		}
		f.protocol(proto)
		f.char(' ').uint(length)
	}
}

// addresses prints "source > destination" of an IPv4 or IPv6 header.
func (f *formatter) addresses(iph []byte) *formatter {
	if iph[0]>>4 == 6 {
		return f.ip6(iph[8:]).str(" > ").ip6(iph[24:])
	}
	return f.ip4(iph[12:]).str(" > ").ip4(iph[16:])
}

// requires says that a protocol belongs to the other version of IP.
func (f *formatter) requires(proto uint8, version uint32) {
	f.char('[').named(ipProtoNames[proto], "unknown").str(" requires IPv").uint(version).char(']')
	f.invalid()
}

// protoDecodedByTcpdump names the protocols that tcpdump has a printer for and
// this package has not.
var protoDecodedByTcpdump = map[uint8]string{
	2: "IGMP", 8: "EGP", 9: "IGRP", 33: "DCCP", 46: "RSVP", 47: "GRE", 50: "ESP",
	55: "Mobile IP", 88: "EIGRP", 89: "OSPF", 103: "PIM",
	108: "IPComp", 112: "VRRP", 113: "PGM", 132: "SCTP",
}

// ah prints an authentication header (print-ah.c; RFC 4302 §2) and returns its
// length.
func (f *formatter) ah(b []byte) (n int) {
	f.proto = "ah"
	f.str("AH")
	f.need(b, 2)
	n = (int(b[1]) + 2) * 4
	f.char('(')
	if f.opt.Verbose > 0 {
		f.str("length=").uint(uint32(b[1])).char('(').uint(uint32(n)).str("-bytes),")
	}
	f.need(b, 4)
	if reserved := binary.BigEndian.Uint16(b[2:]); reserved != 0 {
		f.str("reserved=0x").hex(uint64(reserved)).str("[MustBeZero],")
	}
	f.need(b, 8)
	f.str("spi=0x").hexPadded(uint64(binary.BigEndian.Uint32(b[4:])), 8).char(',')
	f.need(b, 12)
	f.str("seq=0x").hex(uint64(binary.BigEndian.Uint32(b[8:]))).str(",icv=0x")
	f.hexBytes(b[12:max(12, min(n, len(b)))])
	f.need(b, n)
	f.str("): ")
	return n
}
