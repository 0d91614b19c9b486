package tcpdump

import "encoding/binary"

// Protocols of IPv4 and IPv6 (ipproto.h).
const (
	protoHopByHop    = 0
	protoICMP        = 1
	protoIPv4        = 4
	protoTCP         = 6
	protoUDP         = 17
	protoDCCP        = 33
	protoIPv6        = 41
	protoRouting     = 43
	protoFragment    = 44
	protoAH          = 51
	protoMobilityOld = 62
	protoICMPv6      = 58
	protoNone        = 59
	protoDestOpts    = 60
	protoND          = 77
	protoSCTP        = 132
	protoMobility    = 135
	protoEthernet    = 143
)

// hasPorts reports whether a protocol's printer prints the addresses itself,
// with the ports.
func hasPorts(proto uint8) bool {
	return proto == protoTCP || proto == protoUDP || proto == protoSCTP || proto == protoDCCP
}

const (
	ipHeader   = 20
	fragMore   = 0x2000
	fragOffset = 0x1fff
)

var ipFlags = []bitName{{fragMore, "+"}, {0x4000, "DF"}, {0x8000, "rsvd"}}

// ipAny prints an IPv4 or IPv6 packet (ipN_print in print-ip.c).
func (f *formatter) ipAny(b []byte, length uint32) {
	f.proto = "ipn"
	if length < 1 {
		f.str("truncated-ip ").uint(length)
		return
	}
	f.need(b, 1)
	switch b[0] >> 4 {
	case 4:
		f.ip(b, length)
	case 6:
		f.ipv6(b, length)
	default:
		f.str("unknown ip ").uint(uint32(b[0] >> 4))
	}
}

// ip prints an IPv4 packet (ip_print in print-ip.c).
func (f *formatter) ip(b []byte, length uint32) {
	f.proto = "ip"
	f.need(b, 1)
	if v := b[0] >> 4; v != 4 {
		if v == 6 {
			f.str("IP6, wrong link-layer encapsulation")
		} else {
			f.str("IP").uint(uint32(v))
		}
		f.invalid()
		return
	}
	if !f.opt.Link {
		f.str("IP ")
	}
	if len(b) < ipHeader {
		f.trunc()
		return
	}
	if length < ipHeader {
		f.str("truncated-ip ").uint(length)
		return
	}
	hlen := uint32(b[0]&15) * 4
	if hlen < ipHeader {
		f.str("bad-hlen ").uint(hlen)
		return
	}
	total := uint32(binary.BigEndian.Uint16(b[2:]))
	if length < total {
		f.str("truncated-ip - ").uint(total - length).str(" bytes missing! ")
	}
	if total < hlen {
		f.str("bad-len ").uint(total)
		return
	}
	b = b[:min(len(b), int(total))]
	payload := total - hlen
	frag := binary.BigEndian.Uint16(b[6:])
	proto := b[9]
	if f.opt.Verbose > 0 && !f.ipVerbose(b, hlen, frag) {
		return
	}
	if frag&fragOffset != 0 {
		if f.opt.Quiet > 1 {
			return
		}
		f.ip4(b[12:]).str(" > ").ip4(b[16:]).char(':')
		f.protocol(proto)
		return
	}
	if !hasPorts(proto) {
		f.ip4(b[12:]).str(" > ").ip4(b[16:]).str(": ")
	}
	f.needHeader(b, hlen)
	f.demux(b[hlen:], payload, b, frag&fragMore != 0, proto)
}

// needHeader is need for a header of hlen bytes, whose options are cut off: it
// tells by how many.
func (f *formatter) needHeader(b []byte, hlen uint32) {
	if len(b) < int(hlen) {
		f.headerCut(len(b), hlen)
	}
}

// headerCut is apart so that needHeader, which each packet goes through, is inlined.
func (f *formatter) headerCut(captured int, hlen uint32) {
	f.str(" [remaining caplen(").uint(uint32(captured)).str(") < header length(").uint(hlen).str(")]")
	panic(truncated{})
}

// protocol prints a protocol that has no printer, by name or number.
func (f *formatter) protocol(proto uint8) {
	f.char(' ')
	if f.opt.Numeric == 0 && protocolNames[proto] != "" {
		f.str(protocolNames[proto])
	} else {
		f.str("ip-proto-").uint(uint32(proto))
	}
}

// ipVerbose prints the header's fields for -v. It reports false where options
// were cut, which ends the packet's text.
func (f *formatter) ipVerbose(b []byte, hlen uint32, frag uint16) bool {
	f.str("(tos 0x").hex(uint64(b[1]))
	f.str([...]string{"", ",ECT(1)", ",ECT(0)", ",CE"}[b[1]&3])
	if b[8] >= 1 {
		f.str(", ttl ").uint(uint32(b[8]))
	}
	f.str(", id ").uint(uint32(binary.BigEndian.Uint16(b[4:])))
	f.str(", offset ").uint(uint32(frag&fragOffset) * 8).str(", flags [")
	f.bits(uint32(frag), ipFlags...)
	f.str("], proto ").named(ipProtoNames[b[9]], "unknown").str(" (").uint(uint32(b[9])).str("), length ")
	f.uint(uint32(binary.BigEndian.Uint16(b[2:])))
	whole := true
	if hlen > ipHeader {
		f.str(", options (")
		if whole = f.ipOptions(b[ipHeader:], hlen-ipHeader); !whole {
			f.str(" [truncated-option]")
		}
		f.char(')')
	}
	if !f.opt.NoChecksums && len(b) >= int(hlen) {
		if sum := fold(sum16(0, b[:hlen])); sum != 0 {
			got := binary.BigEndian.Uint16(b[10:])
			f.str(", bad cksum ").hex(uint64(got)).str(" (->").hex(uint64(shouldBe(got, sum))).str(")!")
		}
	}
	f.str(")\n    ")
	if !whole {
		f.ip4(b[12:]).str(" > ").ip4(b[16:]).str(": ")
		f.trunc()
	}
	return whole
}
