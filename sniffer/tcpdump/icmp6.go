package tcpdump

import "encoding/binary"

// Types of ICMPv6 messages (RFC 4443, RFC 4861, RFC 2710, RFC 3810).
const (
	icmp6Unreachable   = 1
	icmp6TooBig        = 2
	icmp6TimeExceeded  = 3
	icmp6Parameter     = 4
	icmp6Echo          = 128
	icmp6EchoReply     = 129
	icmp6Query         = 130
	icmp6Report        = 131
	icmp6Done          = 132
	icmp6RouterSolicit = 133
	icmp6RouterAdvert  = 134
	icmp6Solicit       = 135
	icmp6Advert        = 136
	icmp6Redirect      = 137
	icmp6ReportV2      = 143
)

var icmp6Names = map[uint8]string{
	icmp6Unreachable: "destination unreachable", icmp6TooBig: "packet too big",
	icmp6TimeExceeded: "time exceeded in-transit", icmp6Parameter: "parameter problem",
	icmp6Echo: "echo request", icmp6EchoReply: "echo reply",
	icmp6Query: "multicast listener query", icmp6Report: "multicast listener report",
	icmp6Done: "multicast listener done", icmp6RouterSolicit: "router solicitation",
	icmp6RouterAdvert: "router advertisement", icmp6Solicit: "neighbor solicitation",
	icmp6Advert: "neighbor advertisement", icmp6Redirect: "redirect",
	138: "router renumbering", 139: "who-are-you request", 140: "who-are-you reply",
	141: "inverse neighbor solicitation", 142: "inverse neighbor advertisement",
	icmp6ReportV2: "multicast listener report v2", 144: "ha discovery request",
	145: "ha discovery reply", 146: "mobile router solicitation", 147: "mobile router advertisement",
	155: "RPL", 200: "mtrace response", 201: "mtrace message",
}

// icmp6 prints an ICMPv6 message (print-icmp6.c). Renumbering, node
// information, mobility and RPL messages are named and not decoded.
func (f *formatter) icmp6(b []byte, length uint32, iph []byte, fragmented bool) {
	f.proto = "icmp6"
	if length == 0 {
		f.str("ICMP6, length 0")
		f.invalid()
		return
	}
	v := f.opt.Verbose
	if v > 0 && !fragmented && len(b) >= int(length) {
		f.need(b, 4)
		f.checksumNote("icmp6", binary.BigEndian.Uint16(b[2:]), transportChecksum(iph, protoICMPv6, b, length, length))
	}
	f.need(b, 1)
	kind := b[0]
	f.str("ICMP6, ")
	f.numbered(icmp6Names[kind], "unknown icmp6 type (", uint32(kind), ")")
	if v > 0 && (kind >= icmp6RouterSolicit && kind <= icmp6Redirect || kind == 145 || kind == 147) {
		f.str(", length ").uint(length)
	}
	f.need(b, 2)
	if f.icmp6Message(b, length) && v == 0 {
		f.str(", length ").uint(length)
	}
}

// icmp6Message prints a message and reports whether its length is still to be
// told, which stands first with -v.
func (f *formatter) icmp6Message(b []byte, length uint32) bool {
	v := f.opt.Verbose
	code := b[1]
	switch b[0] {
	case icmp6Unreachable:
		return f.icmp6Unreachable(b, length, code)
	case icmp6TooBig:
		f.need(b, 8)
		f.str(", mtu ").uint(binary.BigEndian.Uint32(b[4:]))
	case icmp6TimeExceeded:
		switch code {
		case 0:
			f.need(b, 48)
			f.str(" for ").ip6(b[32:])
		case 1:
			f.str(" (reassembly)")
		default:
			f.str(", unknown code (").uint(uint32(code)).char(')')
		}
	case icmp6Parameter:
		if len(b) < 48 {
			f.trunc()
			return false
		}
		names := [...]string{", erroneous", ", next header", ", option", ", incomplete header chain"}
		if int(code) < len(names) {
			f.str(names[code]).str(" - octet ").uint(binary.BigEndian.Uint32(b[4:]))
		} else {
			f.str(", code-#").uint(uint32(code))
		}
	case icmp6Echo, icmp6EchoReply:
		f.need(b, 8)
		f.str(", id ").uint(uint32(binary.BigEndian.Uint16(b[4:]))).str(", seq ").uint(uint32(binary.BigEndian.Uint16(b[6:])))
	case icmp6Query:
		switch {
		case length == 24:
			f.icmp6Listener(b)
		case length >= 28:
			f.str(" v2")
			f.icmp6QueryV2(b, length)
		default:
			f.str(" unknown-version (len ").uint(length).str(") ")
		}
	case icmp6Report, icmp6Done:
		f.icmp6Listener(b)
	case icmp6ReportV2:
		f.icmp6ReportV2(b, length)
	case icmp6RouterSolicit:
		if v > 0 {
			f.icmp6Options(b, 8, length)
		}
	case icmp6RouterAdvert:
		if v > 0 {
			f.icmp6RouterAdvert(b, length)
		}
	case icmp6Solicit, icmp6Advert:
		f.icmp6Neighbor(b, length)
	case icmp6Redirect:
		f.need(b, 40)
		f.str(", ").ip6(b[24:]).str(" to ").ip6(b[8:])
		if v > 0 {
			f.icmp6Options(b, 40, length)
		}
	case 141, 142:
	case 144, 146:
		f.need(b, 6)
		f.str(", id 0x").hexPadded(uint64(binary.BigEndian.Uint16(b[4:])), 4)
	case 138, 139, 140, 145, 147, 155:
		if v == 0 {
			f.str(", length ").uint(length)
		}
		f.str(" (not decoded)")
		return false
	default:
		f.str(", length ").uint(length)
		if v <= 1 {
			f.hexPrintIndent("\n\t", b[:min(len(b), int(length))])
		}
		return false
	}
	return true
}

func (f *formatter) icmp6Unreachable(b []byte, length uint32, code uint8) bool {
	names := [...]string{
		"unreachable route", " unreachable prohibited", "beyond scope", "unreachable address", "unreachable port",
	}
	f.str(", ")
	if int(code) >= len(names) {
		f.str("unknown unreach code (").uint(uint32(code)).char(')')
		if f.opt.Verbose <= 1 {
			f.hexPrintIndent("\n\t", b[:min(len(b), int(length))])
			return false
		}
		return true
	}
	f.str(names[code])
	inner := b[min(len(b), 8):]
	if code == 4 {
		proto, port, ok := upperPort(inner)
		if !ok {
			f.trunc()
			return false
		}
		network := "tcp"
		if proto == protoUDP {
			network = "udp"
		}
		f.str(", ").ip6(inner[24:]).char(' ').str(network).str(" port ").port(network, port)
		return true
	}
	f.need(inner, ip6Header)
	f.char(' ').ip6(inner[24:])
	if code == 2 {
		f.str(", source address ").ip6(inner[8:])
	}
	return true
}

// upperPort finds the destination port of a TCP or UDP header in an IPv6 packet
// (get_upperlayer in print-icmp6.c).
func upperPort(b []byte) (proto uint8, port uint16, ok bool) {
	if len(b) < 7 {
		return 0, 0, false
	}
	proto = b[6]
	for n := ip6Header; n <= len(b); {
		b = b[n:]
		switch proto {
		case protoTCP, protoUDP:
			if len(b) < 4 {
				return 0, 0, false
			}
			return proto, binary.BigEndian.Uint16(b[2:]), true
		case protoHopByHop, protoDestOpts, protoRouting:
			if len(b) < 2 {
				return 0, 0, false
			}
			proto, n = b[0], (int(b[1])+1)*8
		case protoFragment:
			if len(b) < 4 || binary.BigEndian.Uint16(b[2:])&^7 != 0 {
				return 0, 0, false
			}
			proto, n = b[0], 8
		case protoAH:
			if len(b) < 2 {
				return 0, 0, false
			}
			proto, n = b[0], (int(b[1])+2)*4
		default:
			return 0, 0, false
		}
	}
	return 0, 0, false
}
