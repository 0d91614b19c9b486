package tcpdump

import "encoding/binary"

// Options of neighbor discovery messages (RFC 4861 §4.6 and others).
const (
	ndSourceLink = 1
	ndTargetLink = 2
	ndPrefix     = 3
	ndRedirected = 4
	ndMTU        = 5
	ndInterval   = 7
	ndHomeAgent  = 8
	ndRoute      = 24
	ndRDNSS      = 25
	ndDNSSL      = 31
)

var ndOptionNames = map[uint8]string{
	ndSourceLink: "source link-address", ndTargetLink: "destination link-address",
	ndPrefix: "prefix info", ndRedirected: "redirected header", ndMTU: "mtu",
	ndInterval: "advertisement interval", ndHomeAgent: "homeagent information",
	ndRoute: "route info", ndRDNSS: "rdnss", ndDNSSL: "dnssl",
}

// routePreference names the preference of RFC 4191 §2.1.
func routePreference(flags uint8) string {
	return [...]string{"medium", "high", "rsv", "low"}[flags>>3&3]
}

func (f *formatter) icmp6RouterAdvert(b []byte, length uint32) {
	f.need(b, 16)
	f.str("\n\thop limit ").uint(uint32(b[4])).str(", Flags [")
	f.bits(uint32(b[5]), bitName{0x80, "managed"}, bitName{0x40, "other stateful"}, bitName{0x20, "home agent"}, bitName{0x02, "ipv6 only"})
	f.str("], pref ").str(routePreference(b[5])).str(", router lifetime ").uint(uint32(binary.BigEndian.Uint16(b[6:])))
	f.str("s, reachable time ").uint(binary.BigEndian.Uint32(b[8:])).str("ms, retrans timer ")
	f.uint(binary.BigEndian.Uint32(b[12:])).str("ms")
	f.icmp6Options(b, 16, length)
}

// icmp6Neighbor prints a neighbor solicitation or advertisement.
func (f *formatter) icmp6Neighbor(b []byte, length uint32) {
	f.need(b, 24)
	if b[0] == icmp6Solicit {
		f.str(", who has ").ip6(b[8:])
	} else {
		f.str(", tgt is ").ip6(b[8:])
	}
	if f.opt.Verbose == 0 {
		return
	}
	if b[0] == icmp6Advert {
		f.str(", Flags [")
		f.bits(binary.BigEndian.Uint32(b[4:]), bitName{1 << 31, "router"}, bitName{1 << 30, "solicited"}, bitName{1 << 29, "override"})
		f.char(']')
	}
	f.icmp6Options(b, 24, length)
}

// icmp6Options prints the options behind at bytes of a message
// (icmp6_opt_print in print-icmp6.c).
func (f *formatter) icmp6Options(b []byte, at int, length uint32) {
	left := int64(int32(length - uint32(at)))
	all := b[min(at, len(b)):]
	for o := all; len(o) > 0; {
		if len(o) < 2 {
			f.trunc()
			return
		}
		if left <= 0 {
			return
		}
		kind, n := o[0], int(o[1])*8
		if n == 0 || n > len(o) {
			f.trunc()
			return
		}
		f.str("\n\t  ").named(ndOptionNames[kind], "unknown").str(" option (").uint(uint32(kind)).str("), length ").uint(uint32(n))
		f.str(" (").uint(uint32(n / 8)).str("): ")
		if !f.icmp6Option(kind, o[:n], o, all) {
			return
		}
		if f.opt.Verbose > 1 {
			f.hexPrintIndent("\n\t    ", o[2:n])
		}
		o = o[n:]
		left -= int64(n)
	}
}

// icmp6Option prints an option o; rest begins with it too and goes on to the
// end of the packet, all begins with the first option. It reports false where
// the message's text ends with it.
func (f *formatter) icmp6Option(kind uint8, o, rest, all []byte) bool {
	switch kind {
	case ndSourceLink, ndTargetLink:
		f.colons(o[2:])
	case ndPrefix:
		f.need(rest, 32)
		f.ip6(rest[16:]).char('/').uint(uint32(rest[2]))
		if len(o) != 32 {
			f.str("badlen")
		}
		f.str(", Flags [").bits(uint32(rest[3]), bitName{0x80, "onlink"}, bitName{0x40, "auto"}, bitName{0x20, "router"})
		f.str("], valid time ").lifetime(rest[4:]).str(", pref. time ").lifetime(rest[8:])
	case ndRedirected:
		// The bytes are those from the first option on, as in tcpdump.
		f.hexPrintIndent("\n\t    ", all[:min(len(all), len(o))])
	case ndMTU:
		f.char(' ').uint(binary.BigEndian.Uint32(o[4:]))
		if len(o) != 8 {
			f.str("bad option length")
		}
	case ndInterval:
		f.char(' ').uint(binary.BigEndian.Uint32(o[4:])).str("ms")
	case ndHomeAgent:
		f.str(" preference ").uint(uint32(binary.BigEndian.Uint16(o[4:])))
		f.str(", lifetime ").uint(uint32(binary.BigEndian.Uint16(o[6:])))
	case ndRoute:
		if len(o) > 24 {
			f.trunc()
			return false
		}
		var prefix [16]byte
		copy(prefix[:], o[8:])
		f.char(' ').ip6(prefix[:]).char('/').uint(uint32(o[2])).str(", pref=").str(routePreference(o[3]))
		f.str(", lifetime=").lifetime(o[4:])
	case ndRDNSS:
		f.str(" lifetime ").uint(binary.BigEndian.Uint32(o[4:])).str("s,")
		for a := o[8:]; len(a) >= 16; a = a[16:] {
			f.str(" addr: ").ip6(a)
		}
	case ndDNSSL:
		f.str(" lifetime ").uint(binary.BigEndian.Uint32(o[4:])).str("s, domain(s):")
		if len(o) > 8 && o[8] != 0 {
			f.str(" (not decoded)")
			return false
		}
	default:
		if f.opt.Verbose <= 1 {
			f.hexPrintIndent("\n\t  ", o[2:])
			return false
		}
	}
	return true
}

// lifetime prints seconds.
func (f *formatter) lifetime(b []byte) *formatter {
	v := binary.BigEndian.Uint32(b)
	if v == 0xffffffff {
		return f.str("infinity")
	}
	return f.uint(v).char('s')
}
