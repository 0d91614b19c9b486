package tcpdump

import "encoding/binary"

// raw prints packets without a link-layer header (print-raw.c).
func (f *formatter) raw(b []byte, length uint32) int {
	f.proto = "raw"
	if f.opt.Link {
		f.str("ip: ")
	}
	f.ipAny(b, length)
	return 0
}

// Address families as the BSDs number them (af.h), which Null and Loop headers
// start with.
const (
	afInet         = 2
	afInet6BSD     = 24
	afInet6FreeBSD = 28
	afInet6Darwin  = 30
	afISO          = 7
	afAppletalk    = 16
	afIPX          = 23
)

var bsdFamilies = map[uint32]string{
	afInet: "IPv4", afInet6BSD: "IPv6", afInet6FreeBSD: "IPv6", afInet6Darwin: "IPv6",
	6: "NS", afISO: "ISO", afAppletalk: "Appletalk", afIPX: "IPX",
}

// null prints BSD loopback packets (print-null.c). The family is in the byte
// order of the machine that captured: a small number either way.
func (f *formatter) null(b []byte, length uint32) int {
	const hdrlen = 4
	f.proto = "null"
	f.need(b, hdrlen)
	family := binary.LittleEndian.Uint32(b)
	if family&0xffff0000 != 0 {
		family = binary.BigEndian.Uint32(b)
	}
	if f.opt.Link {
		f.nullHeader(family, length)
	}
	b, length = b[hdrlen:], length-hdrlen
	switch family {
	case afInet:
		f.ip(b, length)
	case afInet6BSD, afInet6FreeBSD, afInet6Darwin:
		f.ipv6(b, length)
	case afISO, afAppletalk, afIPX:
		f.undecoded(bsdFamilies[family], length)
	default:
		if !f.opt.Link {
			f.nullHeader(family, length+hdrlen)
		}
		f.defaultPrint(b)
	}
	return hdrlen
}

func (f *formatter) nullHeader(family, length uint32) {
	name := bsdFamilies[family]
	switch {
	case f.opt.Quiet == 0:
		if name == "" {
			name = "Unknown"
		}
		f.str("AF ").str(name).str(" (").uint(family).str(")")
	case name == "":
		f.str("Unknown AF ").uint(family)
	default:
		f.str(name)
	}
	f.str(", length ").uint(length).str(": ")
}
