package tcpdump

import (
	"encoding/binary"

	"chatlab/sniffer/tcp"
)

var mptcpSubtypes = [...]string{
	"capable", "join", "dss", "add-addr", "rem-addr", "prio", "fail", "fast-close", "unknown",
}

// mptcp prints a Multipath TCP option (print-mptcp.c; RFC 8684 §3) behind its
// kind and length. It reports false for an option that cannot be.
func (f *formatter) mptcp(o []byte, flags tcp.Flags) bool {
	f.proto = "mptcp"
	if len(o) < 1 {
		return false
	}
	size := len(o) + 2 // as the RFC counts, with kind and length
	subtype := min(int(o[0]>>4), len(mptcpSubtypes)-1)
	f.char(' ').uint(uint32(size)).char(' ').str(mptcpSubtypes[subtype])
	switch subtype {
	case 0:
		return f.mptcpCapable(o, size, flags)
	case 1:
		return f.mptcpJoin(o, size, flags)
	case 2:
		return f.mptcpData(o, flags)
	case 3:
		return f.mptcpAddAddress(o, size)
	case 4:
		if size < 4 {
			return false
		}
		f.str(" id")
		for _, id := range o[1:] {
			f.char(' ').uint(uint32(id))
		}
	case 5:
		if size != 3 && size != 4 {
			return false
		}
		if o[0]&1 != 0 {
			f.str(" backup")
		} else {
			f.str(" non-backup")
		}
		if size == 4 {
			f.str(" id ").uint(uint32(o[1]))
		}
	case 6:
		if size != 12 {
			return false
		}
		f.str(" seq ").uint64(binary.BigEndian.Uint64(o[2:]))
	case 7:
		if size != 12 {
			return false
		}
		f.str(" key 0x").hex(binary.BigEndian.Uint64(o[2:]))
	}
	return true
}

func (f *formatter) mptcpCapable(o []byte, size int, flags tcp.Flags) bool {
	if !((size == 12 || size == 4) && flags&tcp.SYN != 0) &&
		!((size == 20 || size == 22) && flags&(tcp.SYN|tcp.ACK) == tcp.ACK) {
		return false
	}
	version := o[0] & 15
	if version > 1 {
		f.str(" Unknown Version (").uint(uint32(version)).char(')')
		return true
	}
	f.str(" v").uint(uint32(version))
	if o[1]&0x80 != 0 {
		f.str(" csum")
	}
	if size >= 12 {
		f.str(" {0x").hex(binary.BigEndian.Uint64(o[2:]))
		if size >= 20 {
			f.str(",0x").hex(binary.BigEndian.Uint64(o[10:]))
		}
		f.char('}')
	}
	return true
}

func (f *formatter) mptcpJoin(o []byte, size int, flags tcp.Flags) bool {
	if !(size == 12 && flags&tcp.SYN != 0) &&
		!(size == 16 && flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK) &&
		!(size == 24 && flags&tcp.ACK != 0) {
		return false
	}
	if size == 24 {
		f.str(" hmac 0x").hexBytes(o[2:22])
		return true
	}
	if o[0]&1 != 0 {
		f.str(" backup")
	}
	f.str(" id ").uint(uint32(o[1]))
	if size == 12 {
		f.str(" token 0x").hex(uint64(binary.BigEndian.Uint32(o[2:])))
		f.str(" nonce 0x").hex(uint64(binary.BigEndian.Uint32(o[6:])))
	} else {
		f.str(" hmac 0x").hex(binary.BigEndian.Uint64(o[2:]))
		f.str(" nonce 0x").hex(uint64(binary.BigEndian.Uint32(o[10:])))
	}
	return true
}

// mptcpData prints a data sequence signal (RFC 8684 §3.3).
func (f *formatter) mptcpData(o []byte, flags tcp.Flags) bool {
	if len(o) < 2 || flags&tcp.SYN != 0 {
		return false
	}
	has := o[1]
	o = o[2:]
	if has&0x10 != 0 {
		f.str(" fin")
	}
	// number prints eight bytes or four.
	number := func(long bool) bool {
		switch {
		case long && len(o) >= 8:
			f.uint64(binary.BigEndian.Uint64(o))
			o = o[8:]
		case !long && len(o) >= 4:
			f.uint(binary.BigEndian.Uint32(o))
			o = o[4:]
		default:
			return false
		}
		return true
	}
	if has&0x01 != 0 {
		f.str(" ack ")
		if !number(has&0x02 != 0) {
			return false
		}
	}
	if has&0x04 != 0 {
		f.str(" seq ")
		if !number(has&0x08 != 0) || len(o) < 4 {
			return false
		}
		f.str(" subseq ").uint(binary.BigEndian.Uint32(o))
		if o = o[4:]; len(o) < 2 {
			return false
		}
		f.str(" len ").uint(uint32(binary.BigEndian.Uint16(o)))
		if o = o[2:]; len(o) >= 2 {
			f.str(" csum 0x").hex(uint64(binary.BigEndian.Uint16(o)))
			o = o[2:]
		}
	}
	return len(o) == 0
}

func (f *formatter) mptcpAddAddress(o []byte, size int) bool {
	v6 := false
	switch size {
	case 8, 10, 16, 18:
	case 20, 22, 28, 30:
		v6 = true
	default:
		return false
	}
	switch o[0] & 15 {
	case 6:
		f.str(" v0-ip6")
	case 4:
		f.str(" v0-ip4")
	case 1:
		f.str(" v1-echo")
	case 0:
		f.str(" v1")
	default:
		f.str(" [bad version/echo]")
	}
	f.str(" id ").uint(uint32(o[1])).char(' ')
	o = o[2:]
	if v6 {
		f.ip6(o)
		o = o[16:]
	} else {
		f.ip4(o)
		o = o[4:]
	}
	// Behind the address: a port, a truncated HMAC, or both.
	if len(o) == 2 || len(o) == 10 {
		f.char(':').uint(uint32(binary.BigEndian.Uint16(o)))
		o = o[2:]
	}
	if len(o) == 8 {
		f.str(" hmac 0x").hex(binary.BigEndian.Uint64(o))
	}
	return true
}
