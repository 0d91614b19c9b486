package tcpdump

import "encoding/binary"

// icmpUnreachableTexts stand around the destination that cannot be reached, by
// code; those of codes 2 to 4 tell more.
var icmpUnreachableTexts = [...]struct{ before, after string }{
	0: {"net ", " unreachable"}, 1: {"host ", " unreachable"},
	5: {"", " unreachable - source route failed"},
	6: {"net ", " unreachable - unknown"}, 7: {"host ", " unreachable - unknown"},
	8: {"", " unreachable - source host isolated"},
	9: {"net ", " unreachable - admin prohibited"}, 10: {"host ", " unreachable - admin prohibited"},
	11: {"net ", " unreachable - tos prohibited"}, 12: {"host ", " unreachable - tos prohibited"},
	13: {"host ", " unreachable - admin prohibited filter"},
	14: {"host ", " unreachable - host precedence violation"},
	15: {"host ", " unreachable - precedence cutoff"},
}

// icmpUnreachable prints what could not be reached (RFC 792, RFC 1191, RFC 1812
// §5.2.7.1).
func (f *formatter) icmpUnreachable(b []byte, code uint8) bool {
	switch code {
	case 3:
		if len(b) < 18 {
			return false
		}
		hlen := int(b[8]&15) * 4
		f.need(b, max(8+hlen+4, 28))
		port := binary.BigEndian.Uint16(b[8+hlen+2:])
		f.ip4(b[24:])
		switch proto := b[17]; proto {
		case protoTCP:
			f.str(" tcp port ").port("tcp", port)
		case protoUDP:
			f.str(" udp port ").port("udp", port)
		default:
			f.str(" protocol ").uint(uint32(proto)).str(" port ").uint(uint32(port))
		}
		f.str(" unreachable")
		return true
	case 2:
		f.need(b, 28)
		f.ip4(b[24:]).str(" protocol ").uint(uint32(b[17])).str(" unreachable")
		return true
	}
	f.need(b, 28)
	switch {
	case code == 4:
		f.ip4(b[24:]).str(" unreachable - need to frag")
		if mtu := binary.BigEndian.Uint16(b[6:]); mtu != 0 {
			f.str(" (mtu ").uint(uint32(mtu)).char(')')
		}
	case int(code) < len(icmpUnreachableTexts):
		t := icmpUnreachableTexts[code]
		f.str(t.before).ip4(b[24:]).str(t.after)
	default:
		f.ip4(b[24:]).str(" unreachable - #").uint(uint32(code))
	}
	return true
}
