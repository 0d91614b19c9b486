package tcpdump

import "encoding/binary"

// routing prints a routing header (print-rt6.c) and returns its length, 0 where
// the packet's text ends with it.
func (f *formatter) routing(b []byte) (n int) {
	f.proto = "rt6"
	f.str("RT6")
	f.need(b, 2)
	size := uint32(b[1])
	f.str(" (len=").uint(size)
	f.need(b, 3)
	kind := b[2]
	f.str(", type=").uint(uint32(kind))
	if kind == 0 {
		f.str(" [Deprecated]")
	}
	f.need(b, 4)
	f.str(", segleft=").uint(uint32(b[3]))
	switch kind {
	case 0, 2:
		f.need(b, 8)
		if reserved := binary.BigEndian.Uint32(b[4:]); reserved != 0 || f.opt.Verbose > 0 {
			f.str(", rsv=0x").hex(uint64(reserved))
		}
	case 4:
		f.need(b, 5)
		f.str(", last-entry=").uint(uint32(b[4]))
		f.need(b, 6)
		if b[5] != 0 || f.opt.Verbose > 0 {
			f.str(", flags=0x").hex(uint64(b[5]))
		}
		f.need(b, 8)
		f.str(", tag=").hex(uint64(binary.BigEndian.Uint16(b[6:])))
	default:
		f.str(" (unknown type)")
		f.invalid()
		return 0
	}
	if size%2 == 1 {
		f.str(" (invalid length ").uint(size).char(')')
		f.invalid()
		return 0
	}
	for i := uint32(0); i < size/2; i++ {
		at := 8 + 16*int(i)
		f.need(b, at+16)
		f.str(", [").uint(i).char(']').ip6(b[at:])
	}
	f.str(") ")
	return (int(size) + 1) * 8
}

// finalDestination6 returns the last hop of a routing header, else the header's
// destination (ip6_finddst in print-ip6.c). b is the header with what follows.
func finalDestination6(b []byte) []byte {
	dst := b[24:40]
	next, at := b[6], ip6Header
	for at < len(b) {
		x := b[at:]
		switch next {
		case protoHopByHop, protoDestOpts, protoMobility, protoMobilityOld:
			if len(x) < 2 {
				return dst
			}
			next, at = x[0], at+(int(x[1])+1)*8
		case protoFragment:
			next, at = x[0], at+8
		case protoRouting:
			if len(x) < 4 || x[1]%2 == 1 {
				return dst
			}
			switch x[2] {
			case 0, 2:
				for i := 0; i < int(x[1]/2) && len(x) >= 24+16*i; i++ {
					dst = x[8+16*i : 24+16*i]
				}
			case 4:
				if len(x) >= 24 {
					dst = x[8:24]
				}
			}
			return dst
		default:
			return dst
		}
	}
	return dst
}
