package tcpdump

import "encoding/binary"

// Ethernet types (ethertype.h).
const (
	etherIPv4     = 0x0800
	etherARP      = 0x0806
	etherRARP     = 0x8035
	ether8021Q    = 0x8100
	etherIPv6     = 0x86dd
	etherPPPoED2  = 0x3c12 // of 3Com's own
	etherPPPoES2  = 0x3c13
	etherPPP      = 0x880b
	etherPPPoED   = 0x8863 // discovery
	etherPPPoES   = 0x8864 // session
	etherJumbo    = 0x8870
	etherQinQ     = 0x88a8
	ether8021Q91  = 0x9100
	ether8021Q92  = 0x9200
	etherMACsec   = 0x88e5
	etherArista   = 0xd28b
	etherMaxLen   = 1500 // up to here the field is a length (IEEE 802.3)
	etherHeader   = 14
	etherAddrsLen = 12
)

// ether prints an Ethernet frame (print-ether.c).
func (f *formatter) ether(b []byte, length uint32) (hdrlen int) {
	frame, frameLength := b, length
	if n := min(len(b), int(length)); n < etherHeader {
		f.trunc()
		return n
	}
	if f.opt.Link {
		f.macs(b)
	}
	typ := binary.BigEndian.Uint16(b[etherAddrsLen:])
	b, length = b[etherHeader:], length-etherHeader
	hdrlen = etherHeader
	if typ == etherMACsec {
		f.etherHeadless(typ, "MACsec", frameLength, length)
		return hdrlen
	}
	printedLength := false
	for typ == ether8021Q || typ == ether8021Q91 || typ == ether8021Q92 || typ == etherQinQ {
		if n := min(len(b), int(length)); n < 4 {
			f.proto = "vlan"
			f.trunc()
			return hdrlen + n
		}
		if f.opt.Link {
			f.etherType(typ)
			if !printedLength {
				f.str(", length ").uint(frameLength).str(": ")
				printedLength = true
			} else {
				f.str(", ")
			}
			f.vlanTag(binary.BigEndian.Uint16(b)).str(", ")
		}
		typ = binary.BigEndian.Uint16(b[2:])
		b, length = b[4:], length-4
		hdrlen += 4
	}
	if typ <= etherMaxLen {
		if uint32(typ) < length {
			length = uint32(typ)
			b = b[:min(len(b), int(length))]
		}
		if f.opt.Link {
			f.str("802.3")
			if !printedLength {
				f.str(", length ").uint(length).str(": ")
			}
		}
		return hdrlen + f.llc(b, length, &stations{frame[6:12], frame[:6]})
	}
	if typ == etherJumbo {
		return hdrlen + f.llc(b, length, &stations{frame[6:12], frame[:6]})
	}
	if typ == etherArista {
		f.etherHeadless(typ, "Arista", frameLength, length)
		return hdrlen
	}
	if f.opt.Link {
		f.etherType(typ)
		if !printedLength {
			f.str(", length ").uint(frameLength).str(": ")
		} else {
			f.str(", ")
		}
	}
	if !f.etherPayload(typ, b, length) {
		if !f.opt.Link {
			f.macs(frame)
			f.etherType(typ)
			f.str(", length ").uint(frameLength).str(": ")
		}
		f.defaultPrint(b)
	}
	return hdrlen
}

// etherHeadless names what ether_print itself decodes: in a cooked capture,
// which has no Ethernet header, or behind a VLAN tag the type is unknown.
func (f *formatter) etherHeadless(typ uint16, name string, frameLength, length uint32) {
	if f.opt.Link {
		f.etherType(typ)
		f.str(", length ").uint(frameLength).str(": ")
	}
	f.undecoded(name, length)
}

// macs prints the source and destination of an Ethernet header.
func (f *formatter) macs(b []byte) {
	f.mac(b[6:12]).str(" > ").mac(b[:6]).str(", ")
}

// etherType prints an Ethernet type with its name.
func (f *formatter) etherType(t uint16) {
	name := etherTypeNames[t]
	switch {
	case f.opt.Quiet == 0:
		f.hexNamed("ethertype ", name, t)
	case name == "":
		f.hexNamed("", "Unknown Ethertype", t)
	default:
		f.str(name)
	}
}

// hexNamed prints what kind of number v is, the name of v and v itself.
func (f *formatter) hexNamed(kind, name string, v uint16) *formatter {
	return f.str(kind).named(name, "Unknown").str(" (0x").hexPadded(uint64(v), 4).char(')')
}

// vlanTag prints a tag control information field (IEEE 802.1Q).
func (f *formatter) vlanTag(tci uint16) *formatter {
	f.str("vlan ").uint(uint32(tci & 0xfff)).str(", p ").uint(uint32(tci >> 13))
	if tci&0x1000 != 0 {
		f.str(", DEI")
	}
	return f
}

// etherPayload prints what an Ethernet type announces, as ethertype_print does.
// It reports whether the type is known; a type that tcpdump decodes and this
// package does not is named in a short line.
func (f *formatter) etherPayload(typ uint16, b []byte, length uint32) (known bool) {
	switch typ {
	case etherIPv4:
		f.ip(b, length)
	case etherIPv6:
		f.ipv6(b, length)
	case etherARP, etherRARP:
		f.arp(b, length)
	case etherPPPoED, etherPPPoES, etherPPPoED2, etherPPPoES2:
		f.pppoe(b, length)
	case etherPPP:
		if length > 0 {
			f.str(": ")
			f.ppp(b, length)
		}
	default:
		name := etherDecodedByTcpdump[typ]
		return name != "" && f.undecoded(name, length)
	}
	return true
}

// etherDecodedByTcpdump names the Ethernet types that tcpdump has a printer for
// and this package has not.
var etherDecodedByTcpdump = map[uint16]string{
	0x6003: "DECnet", 0x809b: "AppleTalk", 0x80f3: "AARP", 0x8137: "IPX",
	0xfefe: "OSI",
	0x888e: "EAPOL", 0x8899: "RRCP", 0x8808: "MPCP", 0x8809: "Slow Protocols",
	0x8902: "CFM", 0xabcd: "CFM", 0x88cc: "LLDP", 0x894f: "NSH", 0x9000: "Loopback",
	0x8847: "MPLS", 0x8848: "MPLS", 0x88ca: "TIPC", 0x886f: "MS NLB heartbeat",
	0x0707: "GeoNet", 0x8947: "GeoNet", 0x1111: "CALM FAST", 0x88a2: "AoE",
	0x88f7: "PTP",
}
