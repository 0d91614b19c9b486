package tcpdump

import (
	"encoding/binary"

	"chatlab/sniffer/capture"
)

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
