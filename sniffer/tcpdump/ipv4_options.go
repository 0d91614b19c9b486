package tcpdump

import "encoding/binary"

// Options of IPv4 (ip.h).
const (
	ipOptEOL         = 0
	ipOptNOP         = 1
	ipOptRecordRoute = 7
	ipOptTimestamp   = 68
	ipOptLooseRoute  = 131
	ipOptStrictRoute = 137
	ipOptRouterAlert = 148
)

var ipOptionNames = map[uint8]string{
	ipOptEOL: "EOL", ipOptNOP: "NOP", ipOptTimestamp: "timestamp", 130: "security", ipOptRecordRoute: "RR",
	ipOptStrictRoute: "SSRR", ipOptLooseRoute: "LSRR", ipOptRouterAlert: "RA", 82: "traceroute",
}

// ipOptions prints the options of an IPv4 header (ip_optprint in print-ip.c).
// It reports false where captured bytes ran out in an option's data.
func (f *formatter) ipOptions(b []byte, length uint32) bool {
	for sep := ""; length > 0; sep = "," {
		f.str(sep)
		f.need(b, 1)
		code := b[0]
		f.numbered(ipOptionNames[code], "unknown ", uint32(code), "")
		n := uint32(1)
		if code != ipOptNOP && code != ipOptEOL {
			f.need(b, 2)
			n = uint32(b[1])
			if n < 2 {
				f.badLength(n)
				return true
			}
		}
		if n > length {
			f.badLength(n)
			return true
		}
		if len(b) < int(n) {
			return false
		}
		switch code {
		case ipOptEOL:
			return true
		case ipOptTimestamp:
			if !f.ipTimestamps(b, n) {
				return false
			}
		case ipOptRecordRoute, ipOptStrictRoute, ipOptLooseRoute:
			if !f.ipRoute(b, n) {
				return false
			}
		case ipOptRouterAlert:
			if n < 4 {
				f.badLength(n)
			} else if v := binary.BigEndian.Uint16(b[2:]); v != 0 {
				f.str(" value ").uint(uint32(v))
			}
		}
		b, length = b[n:], length-n
	}
	return true
}

func (f *formatter) badLength(n uint32) { f.str(" [bad length ").uint(n).str("]") }

// ipRoute prints a recorded or a source route of n bytes. As in tcpdump, the
// last address may reach behind the option. It reports false if captured bytes
// run out.
func (f *formatter) ipRoute(b []byte, n uint32) bool {
	if n < 3 {
		f.badLength(n)
		return true
	}
	if (n+1)&3 != 0 {
		f.badLength(n)
	}
	ptr := uint32(b[2]) - 1
	if ptr < 3 || (ptr+1)&3 != 0 || ptr > n+1 {
		f.str(" [bad ptr ").uint(uint32(b[2])).str("]")
	}
	for at := uint32(3); at < n; at += 4 {
		if uint32(len(b)) < at+4 {
			return false
		}
		f.char(' ').ip4(b[at:])
		if ptr > at {
			f.char(',')
		}
	}
	return true
}

// ipTimestamps prints a timestamp option of n bytes (RFC 791 §3.1).
func (f *formatter) ipTimestamps(b []byte, n uint32) bool {
	if n < 4 {
		f.str("[bad length ").uint(n).str("]")
		return true
	}
	f.str(" TS{")
	kind := b[3] & 15
	hop := uint32(8)
	if kind == 0 {
		hop = 4
	}
	if (n-4)&(hop-1) != 0 {
		f.str("[bad length ").uint(n).str("]")
	}
	ptr := uint32(b[2]) - 1
	if ptr < 4 || (ptr-4)&(hop-1) != 0 || ptr > n+1 {
		f.str("[bad ptr ").uint(uint32(b[2])).str("]")
	}
	at := uint32(0)
	name := map[uint8]string{0: "TSONLY", 1: "TS+ADDR", 3: "PRESPEC"}[kind]
	f.numbered(name, "[bad ts type ", uint32(kind), "]")
	if name != "" {
		for at = 4; at < n; at += hop {
			if uint32(len(b)) < at+hop {
				return false
			}
			if ptr == at {
				f.str(" ^ ")
			} else {
				f.char(' ')
			}
			f.uint(binary.BigEndian.Uint32(b[at+hop-4:])).char('@')
			if hop == 8 {
				f.ip4(b[at:])
			}
		}
	}
	if ptr == at {
		f.str(" ^ ")
	}
	if missed := b[3] >> 4; missed != 0 {
		f.str(" [").uint(uint32(missed)).str(" hops not recorded]} ")
	} else {
		f.char('}')
	}
	return true
}

// finalDestination4 returns the last hop of a source route, else the header's
// destination (ip_finddst in print-ip.c). b is the header with what follows.
func finalDestination4(b []byte) []byte {
	dst := b[16:20]
	hlen := int(b[0]&15) * 4
	if hlen < ipHeader || len(b) < ipHeader {
		return dst
	}
	o := b[ipHeader:min(hlen, len(b))]
	for len(o) > 0 {
		code, n := o[0], 1
		if code == ipOptEOL {
			return dst
		}
		if code != ipOptNOP {
			if len(o) < 2 || o[1] < 2 {
				return dst
			}
			n = int(o[1])
		}
		if len(o) < n {
			return dst
		}
		if (code == ipOptStrictRoute || code == ipOptLooseRoute) && n >= 7 {
			return o[n-4 : n]
		}
		o = o[n:]
	}
	return dst
}
