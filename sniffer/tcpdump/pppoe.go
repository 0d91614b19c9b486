package tcpdump

import "encoding/binary"

var (
	pppoeCodes = map[byte]string{0x09: "PADI", 0x07: "PADO", 0x19: "PADR", 0x65: "PADS", 0xa7: "PADT"}
	pppoeTags  = map[uint16]string{
		0: "EOL", 0x0101: "Service-Name", 0x0102: "AC-Name", 0x0103: "Host-Uniq", 0x0104: "AC-Cookie", 0x0105: "Vendor-Specific",
		0x0110: "Relay-Session-ID", 0x0120: "PPP-Max-Payload", 0x0201: "Service-Name-Error", 0x0202: "AC-System-Error", 0x0203: "Generic-Error",
	}
)

// pppoe prints a PPPoE packet (print-pppoe.c). It returns its header's length.
func (f *formatter) pppoe(b []byte, length uint32) int {
	const hdrlen = 6
	f.proto = "pppoe"
	if length < hdrlen {
		f.str(" (length ").uint(length).str(" < 6)")
		f.invalid()
		return 0
	}
	f.need(b, hdrlen)
	code, session, inside := b[1], binary.BigEndian.Uint16(b[2:]), uint32(binary.BigEndian.Uint16(b[4:]))
	if v := b[0] >> 4; v != 1 {
		f.str(" [ver ").uint(uint32(v)).char(']')
	}
	if t := b[0] & 15; t != 1 {
		f.str(" [type ").uint(uint32(t)).char(']')
	}
	f.str("PPPoE ")
	switch name := pppoeCodes[code]; {
	case name != "":
		f.str(name)
	case code != 0:
		f.str("PAD-").hex(uint64(code))
	}
	if code == 0x09 && inside > 1484-hdrlen {
		f.str(" [len ").uint(inside).str("!]")
	}
	b, length = b[hdrlen:], length-hdrlen
	if inside > length {
		f.str(" [len ").uint(inside).str(" > ").uint(length).str("!]")
		inside = length
	}
	if session != 0 {
		f.str(" [ses 0x").hex(uint64(session)).char(']')
	}
	if code == 0 {
		f.char(' ')
		return hdrlen + f.ppp(b, inside)
	}
	f.pppoeTags(b, int(inside))
	return hdrlen
}

// pppoeTags prints the tags of the discovery stage (RFC 2516 appendix A).
func (f *formatter) pppoeTags(b []byte, length int) {
	for at, tag := 0, uint16(1); tag != 0 && at < length; {
		f.need(b, at+4)
		tag = binary.BigEndian.Uint16(b[at:])
		n := int(binary.BigEndian.Uint16(b[at+2:]))
		at += 4
		f.need(b, at+n)
		value := b[at : at+n]
		at += n
		f.str(" [")
		if name := pppoeTags[tag]; name != "" {
			f.str(name)
		} else {
			f.str("TAG-0x").hex(uint64(tag))
		}
		if n > 0 {
			f.char(' ').pppoeValue(value)
		}
		f.char(']')
	}
}

// pppoeValue prints a tag's value, as text if more than half of it is.
func (f *formatter) pppoeValue(b []byte) {
	const most = 79 // MAXTAGPRINT, with C's end of a string
	text := append([]byte(nil), b[:min(len(b), most)]...)
	printable := 0
	for i, c := range text {
		if c >= ' ' && c < 0x7f {
			printable++
		} else {
			text[i] = '.'
		}
	}
	if 2*printable > len(text) {
		f.char('"').str(string(text)).char('"')
		return
	}
	f.str("0x")
	for _, c := range b {
		f.char("0123456789ABCDEF"[c>>4]).char("0123456789ABCDEF"[c&15])
	}
}
