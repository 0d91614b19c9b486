package tcpdump

import (
	"encoding/binary"
	"slices"
)

var arpOperations = map[uint16]string{
	1: "Request", 2: "Reply", 3: "Reverse Request", 4: "Reverse Reply",
	8: "Inverse Request", 9: "Inverse Reply", 10: "NACK Reply",
}

var arpHardware = map[uint16]string{
	1: "Ethernet", 6: "TokenRing", 7: "ArcNet", 15: "FrameRelay", 19: "ATM", 23: "Strip",
	24: "IEEE 1394", 32: "InfiniBand",
}

// arp prints an ARP packet (print-arp.c; RFC 826), except those of ATM and
// frame relay.
func (f *formatter) arp(b []byte, length uint32) {
	f.proto = "arp"
	const header = 8
	f.need(b, header)
	hardware, protocol := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	hlen, plen, op := int(b[4]), int(b[5]), binary.BigEndian.Uint16(b[6:])
	if hardware == 15 || hardware == 19 {
		f.str("ARP, ").str(arpHardware[hardware]).str(", length ").uint(length).str(" (not decoded)")
		return
	}
	f.need(b, header+2*hlen+2*plen)
	sha, spa := b[header:][:hlen], b[header+hlen:][:plen]
	tha, tpa := b[header+hlen+plen:][:hlen], b[header+2*hlen+plen:][:plen]
	if !f.opt.Link {
		f.str("ARP, ")
	}
	ip := protocol == etherIPv4 || protocol == 0x1000 // or trailers
	if !ip || plen != 4 || hlen == 0 || f.opt.Verbose > 0 {
		f.arpTypes(hardware, protocol, hlen, plen)
		if f.opt.Verbose == 0 {
			f.str(", length ").uint(length)
			return
		}
		f.str(", ")
	}
	f.numbered(arpOperations[op], "Unknown (", uint32(op), ")").char(' ')
	address := func(a []byte) {
		switch {
		case !ip:
			f.str("<wrong proto type>")
		case plen != 4:
			f.str("<wrong len>")
		default:
			f.ip4(a)
		}
	}
	switch op {
	case 1:
		f.str("who-has ")
		address(tpa)
		if slices.ContainsFunc(tha, func(c byte) bool { return c != 0 }) {
			f.str(" (").linkAddress(tha).char(')')
		}
		f.str(" tell ")
		address(spa)
	case 2:
		address(spa)
		f.str(" is-at ").linkAddress(sha)
	case 3, 8:
		f.str("who-is ").linkAddress(tha).str(" tell ").linkAddress(sha)
	case 4:
		f.linkAddress(tha).str(" at ")
		address(tpa)
	case 9:
		f.linkAddress(sha).str(" at ")
		address(spa)
	default:
		f.hexASCIIPrint(b)
		return
	}
	f.str(", length ").uint(length)
}

func (f *formatter) arpTypes(hardware, protocol uint16, hlen, plen int) {
	f.numbered(arpHardware[hardware], "Unknown Hardware (", uint32(hardware), ")").str(" (len ").uint(uint32(hlen)).str("), ")
	if name := etherTypeNames[protocol]; name != "" {
		f.str(name)
	} else {
		f.str("Unknown Protocol (0x").hexPadded(uint64(protocol), 4).char(')')
	}
	f.str(" (len ").uint(uint32(plen)).char(')')
}

// linkAddress prints a link-layer address of any length (linkaddr_string in
// addrtoname.c).
func (f *formatter) linkAddress(a []byte) *formatter {
	switch len(a) {
	case 0:
		return f.str("<empty>")
	case 6:
		return f.mac(a)
	}
	return f.colons(a)
}
