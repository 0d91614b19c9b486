package tcpdump

import "encoding/binary"

// PPP protocols (ppp.h).
const (
	pppIP         = 0x0021
	pppVJC        = 0x002d
	pppVJNC       = 0x002f // IP with its header's protocol replaced (RFC 1144)
	pppIPv6       = 0x0057
	pppCompressed = 0x00fd
	pppAddress    = 0xff
	pppControl    = 0x03
	chdlcUnicast  = 0x0f
	chdlcBcast    = 0x8f
)

// pppNames are those of ppptype2str in print-ppp.c.
var pppNames = map[uint16]string{
	pppIP: "IP", 0x23: "OSI", 0x25: "NS", 0x27: "DECNET", 0x29: "APPLE", 0x2b: "IPX", pppVJC: "VJC IP", pppVJNC: "VJNC IP",
	0x31: "BRPDU", 0x33: "STII", 0x35: "VINES", 0x281: "MPLS", 0x283: "MPLS", pppCompressed: "Compressed", 0x3d: "MLPPP", pppIPv6: "IP6",
	0x201: "HELLO", 0x231: "LUXCOM", 0x233: "SNS", 0x8021: "IPCP", 0x8023: "OSICP", 0x8025: "NSCP", 0x8027: "DECNETCP",
	0x8029: "APPLECP", 0x802b: "IPXCP", 0x8033: "STIICP", 0x8035: "VINESCP", 0x8057: "IP6CP", 0x8281: "MPLSCP",
	0xc021: "LCP", 0xc023: "PAP", 0xc025: "LQM", 0xc223: "CHAP", 0xc227: "EAP", 0xc027: "SPAP", 0xc123: "Old-SPAP",
	0xc02b: "BACP", 0xc02d: "BAP", 0xc03d: "MLPPP-CP", 0x80fd: "CCP",
}

// pppDecodedByTcpdump are the protocols that tcpdump has a printer for and this
// package has not.
var pppDecodedByTcpdump = map[uint16]bool{
	0xc021: true, 0x8021: true, 0x8023: true, 0x8281: true, 0x8057: true, 0x80fd: true, 0xc02b: true, 0x3d: true,
	0xc223: true, 0xc023: true, 0xc02d: true, 0x2b: true, 0x23: true, 0x281: true, 0x283: true,
}

// pppInterface prints the packets of a PPP interface (ppp_if_print).
func (f *formatter) pppInterface(b []byte, length uint32) int {
	const hdrlen = 4
	f.proto = "ppp"
	if len(b) < hdrlen {
		f.trunc()
		return len(b)
	}
	f.ppp(b, length)
	return hdrlen
}

// ppp prints a PPP header, with or without address and control, and what it
// announces (ppp_print). It returns the header's length.
func (f *formatter) ppp(b []byte, length uint32) (hdrlen int) {
	f.proto = "ppp"
	whole := length
	if length < 2 {
		f.trunc()
		return 0
	}
	f.need(b, 2)
	if b[1] == pppControl && (b[0] <= 1 || b[0] == pppAddress) {
		if f.opt.Link && b[0] != pppAddress { // pppd writes the direction
			f.str([...]string{"In  ", "Out "}[b[0]])
		}
		b, length, hdrlen = b[2:], length-2, 2
	}
	if length < 2 {
		f.trunc()
		return 0
	}
	f.need(b, 1)
	size := 1
	protocol := uint16(b[0])
	if protocol&1 == 0 {
		size = 2
		f.need(b, size)
		protocol = binary.BigEndian.Uint16(b)
	}
	b, length, hdrlen = b[size:], length-uint32(size), hdrlen+size
	if f.opt.Link {
		f.named(pppNames[protocol], "unknown").str(" (0x").hexPadded(uint64(protocol), 4).str("), length ").uint(whole)
		if pppNames[protocol] == "" {
			return hdrlen
		}
		f.str(": ")
	}
	f.pppPayload(protocol, b, length)
	return hdrlen
}

// pppPayload prints what a PPP protocol announces (handle_ppp).
func (f *formatter) pppPayload(protocol uint16, b []byte, length uint32) {
	switch {
	case protocol&0xff00 == 0x7e00:
		f.undecoded("escaped PPP", length)
	case protocol == etherIPv4 || protocol == pppIP || protocol == pppVJNC:
		f.ip(b, length)
	case protocol == etherIPv6 || protocol == pppIPv6:
		f.ipv6(b, length)
	case protocol == pppCompressed:
		f.str("compressed PPP data")
	case pppDecodedByTcpdump[protocol] || protocol == 0x8137:
		f.undecoded(pppNames[protocol], length)
	default:
		f.pppUnknown(protocol).char(' ')
		f.hexPrint(b[:min(len(b), int(length))])
	}
}

// pppUnknown prints a protocol's name, or that it has none.
func (f *formatter) pppUnknown(protocol uint16) *formatter {
	if name := pppNames[protocol]; name != "" {
		return f.str(name)
	}
	return f.str("unknown PPP protocol (0x").hexPadded(uint64(protocol), 4).char(')')
}

// pppSerial prints packets whose header always has an address and a control
// field, of PPP or of Cisco HDLC (ppp_hdlc_if_print).
func (f *formatter) pppSerial(b []byte, length uint32) int {
	f.proto = "ppp_hdlc"
	switch {
	case len(b) >= 2 && (b[0] == chdlcUnicast || b[0] == chdlcBcast):
		return f.chdlc(b, length)
	case len(b) < 4:
		f.trunc()
		return len(b)
	}
	if f.opt.Link {
		f.hexBytes(b[:1]).char(' ').hexBytes(b[1:2]).char(' ').uint(length).char(' ')
	}
	if b[0] != pppAddress {
		f.str("unknown addr ").hexBytes(b[2:3]).str("; ctrl ").hexBytes(b[3:4])
		return 2
	}
	protocol := binary.BigEndian.Uint16(b[2:])
	f.pppUnknown(protocol).str(": ")
	f.pppPayload(protocol, b[4:], length-4)
	return 4
}

// chdlc prints a Cisco HDLC header and what it announces (print-chdlc.c).
func (f *formatter) chdlc(b []byte, length uint32) int {
	f.proto = "chdlc"
	if length < 4 {
		f.trunc()
		return len(b)
	}
	f.need(b, 4)
	typ := binary.BigEndian.Uint16(b[2:])
	if f.opt.Link {
		f.str(map[byte]string{chdlcUnicast: "unicast", chdlcBcast: "bcast"}[b[0]])
		f.hexNamed(", ethertype ", etherTypeNames[typ], typ).str(", length ").uint(length).str(": ")
	}
	b, length = b[4:], length-4
	switch typ {
	case etherIPv4:
		f.ip(b, length)
	case etherIPv6:
		f.ipv6(b, length)
	case 0x8035:
		f.undecoded("SLARP", length)
	case 0x8847, 0x8848, 0xfefe:
		f.undecoded(etherTypeNames[typ], length)
	default:
		if !f.opt.Link {
			f.str("unknown CHDLC protocol (0x").hexPadded(uint64(typ), 4).char(')')
		}
	}
	return 4
}
