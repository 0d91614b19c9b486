package tcpdump

import (
	"encoding/binary"

	"chatlab/sniffer/capture"
)

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
	if f.opt.Quiet == 0 {
		f.str("AF ").named(name, "Unknown").str(" (").uint(family).str(")")
	} else {
		f.numbered(name, "Unknown AF ", family, "")
	}
	f.str(", length ").uint(length).str(": ")
}

// pktapHeader is the least length of macOS's header.
const pktapHeader = 108

// pktap prints macOS's header and the packet behind it (print-pktap.c). The
// header's length that it returns counts that of the packet's link layer twice,
// as tcpdump's does.
func (f *formatter) pktap(b []byte, length uint32) int {
	f.proto = "pktap"
	if length < pktapHeader {
		f.str(" (packet too short, ").uint(length).str(" < ").uint(pktapHeader).char(')').invalid()
		return 0
	}
	f.need(b, 12)
	hdrlen, record, dlt := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])
	if hdrlen < pktapHeader {
		f.str(" (pkt_len too small, ").uint(hdrlen).str(" < ").uint(pktapHeader).char(')').invalid()
		return 0
	}
	if hdrlen > length {
		f.str(" (pkt_len too big, ").uint(hdrlen).str(" > ").uint(length).char(')').invalid()
		return 0
	}
	f.need(b, int(hdrlen))
	link := capture.LinkTypeOf(dlt)
	b, inside := b[hdrlen:], length-hdrlen
	if link.Name() == "" {
		f.link(link, b, inside) // names it
		return int(hdrlen)
	}
	if f.opt.Link {
		if f.opt.Quiet == 0 {
			f.str("DLT ").str(link.Name()).str(" (").uint(dlt).str(") len ").uint(hdrlen)
		} else {
			f.str(link.Name())
		}
		f.str(", length ").uint(length).str(": ")
	}
	switch {
	case record == 0:
		f.str("no data")
	case record != 1:
	case link == capture.PKTAP:
		f.undecoded(link.Name(), inside) // none has another in it
	default:
		hdrlen += 2 * uint32(f.link(link, b, inside))
	}
	return int(hdrlen)
}
