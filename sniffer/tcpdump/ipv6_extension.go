package tcpdump

import "encoding/binary"

// Options of hop-by-hop and destination options headers (ip6.h).
const (
	ip6OptPad1        = 0x00
	ip6OptPadN        = 0x01
	ip6OptRouterAlert = 0x05
	ip6OptJumbo       = 0xc2
	ip6OptHomeAddress = 0xc9
)

// Extension header printers return the header's length, 0 where the packet's
// text ends with it.

// hopByHop prints a hop-by-hop options header (print-ip6opts.c). jumbo is the
// length that a valid Jumbo Payload option gives, 0 without one.
func (f *formatter) hopByHop(b []byte, payload uint32) (n int, jumbo uint32) {
	f.proto = "hbhopt"
	if n = f.optionsHeader(b, "HBH "); n > 0 && !f.ip6Options(b[2:n], true, payload, &jumbo) {
		f.trunc()
		n = 0
	}
	return n, jumbo
}

// destinationOptions prints a destination options header; its options with -v.
func (f *formatter) destinationOptions(b []byte) (n int) {
	f.proto = "dstopt"
	var jumbo uint32
	n = f.optionsHeader(b, "DSTOPT ")
	if n > 0 && f.opt.Verbose > 0 && !f.ip6Options(b[2:n], false, 0, &jumbo) {
		f.trunc()
		n = 0
	}
	return n
}

// optionsHeader prints a header's name if all of it was captured.
func (f *formatter) optionsHeader(b []byte, name string) (n int) {
	f.need(b, 2)
	n = (int(b[1]) + 1) * 8
	if len(b) < n {
		f.trunc()
		return 0
	}
	f.str(name)
	return n
}

// ip6Options prints options, all of them captured. It reports false for one that
// does not fit its place.
func (f *formatter) ip6Options(b []byte, hopByHop bool, payload uint32, jumbo *uint32) bool {
	found := false
	v := f.opt.Verbose > 0
	for len(b) > 0 {
		n := ip6OptionSize(b)
		if n > len(b) {
			return false
		}
		switch b[0] {
		case ip6OptPad1:
			if v {
				f.str("(pad1)")
			}
		case ip6OptPadN:
			if v {
				f.str("(padn)")
			}
		case ip6OptRouterAlert:
			if !f.ip6OptionLength(b, "rtalert", 4, n != 4) {
				return false
			}
			if v {
				f.str("(rtalert: 0x").hexPadded(uint64(binary.BigEndian.Uint16(b[2:])), 4).str(") ")
			}
		case ip6OptJumbo:
			if !f.ip6OptionLength(b, "jumbo", 6, n != 6) {
				return false
			}
			size, note := binary.BigEndian.Uint32(b[2:]), ""
			switch {
			case found:
				note = " - already seen"
			case !hopByHop:
				note = " - not a hop-by-hop option"
			case payload != 0:
				note = " - payload len != 0"
			case size < 65536:
				note = " - < 65536"
			default:
				*jumbo = size
			}
			found = true
			if v {
				f.str("(jumbo: ").uint(size).str(note).str(") ")
			}
		case ip6OptHomeAddress:
			if !f.ip6OptionLength(b, "homeaddr", 18, n < 18) {
				return false
			}
			if v {
				f.str("(homeaddr: ").ip6(b[2:])
				if !f.ip6SubOptions(b[18:n]) {
					return false
				}
				f.char(')')
			}
		default:
			if v {
				f.str("(opt_type 0x").hexPadded(uint64(b[0]), 2).str(": len=").uint(uint32(b[1])).char(')')
			}
		}
		b = b[n:]
	}
	if v {
		f.char(' ')
	}
	return true
}

// ip6OptionSize is the size of the option at the start of b, which may be more
// than there is.
func ip6OptionSize(b []byte) int {
	switch {
	case b[0] == ip6OptPad1:
		return 1
	case len(b) < 2:
		return 2
	}
	return int(b[1]) + 2
}

// ip6OptionLength reports whether an option has the length that it must.
func (f *formatter) ip6OptionLength(b []byte, name string, least int, wrong bool) bool {
	if len(b) < least {
		f.char('(').str(name).str(": trunc)")
		return false
	}
	if wrong {
		f.char('(').str(name).str(": invalid len ").uint(uint32(b[1])).char(')')
		return false
	}
	return true
}

// ip6SubOptions prints what follows a home address.
func (f *formatter) ip6SubOptions(b []byte) bool {
	for len(b) > 0 {
		n := ip6OptionSize(b)
		if n > len(b) {
			return false
		}
		switch b[0] {
		case ip6OptPad1:
			f.str(", pad1")
		case ip6OptPadN:
			f.str(", padn")
		default:
			f.str(", sopt_type 0x").hexPadded(uint64(b[0]), 2).str(": len=").uint(uint32(b[1]))
		}
		b = b[n:]
	}
	return true
}

// fragment6 prints a fragment header (print-frag6.c). packet is the IPv6 packet
// and at the header's place in it.
func (f *formatter) fragment6(b, packet []byte, at int) (n int) {
	const size = 8
	f.proto = "frag6"
	f.need(b, 4)
	if f.opt.Verbose > 0 {
		f.need(b, size)
	}
	offset := binary.BigEndian.Uint16(b[2:]) &^ 7
	f.str("frag (")
	if f.opt.Verbose > 0 {
		f.str("0x").hexPadded(uint64(binary.BigEndian.Uint32(b[4:])), 8).char(':')
	}
	f.uint(uint32(offset)).char('|')
	// A size_t: what a payload length too small leaves is huge.
	f.uint64(uint64(ip6Header + int(binary.BigEndian.Uint16(packet[4:])) - at - size)).char(')')
	if offset != 0 {
		return 0
	}
	f.char(' ')
	return size
}
