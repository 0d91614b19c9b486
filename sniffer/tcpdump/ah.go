package tcpdump

import "encoding/binary"

// ah prints an authentication header (print-ah.c; RFC 4302 §2) and returns its
// length, 0 if captured bytes run out.
func (f *formatter) ah(b []byte) (n int, ok bool) {
	f.proto = "ah"
	f.str("AH")
	if len(b) < 2 {
		return 0, false
	}
	n = (int(b[1]) + 2) * 4
	f.char('(')
	if f.opt.Verbose > 0 {
		f.str("length=").uint(uint32(b[1])).char('(').uint(uint32(n)).str("-bytes),")
	}
	if len(b) < 4 {
		return 0, false
	}
	if reserved := binary.BigEndian.Uint16(b[2:]); reserved != 0 {
		f.str("reserved=0x").hex(uint64(reserved)).str("[MustBeZero],")
	}
	if len(b) < 8 {
		return 0, false
	}
	f.str("spi=0x").hexPadded(uint64(binary.BigEndian.Uint32(b[4:])), 8).char(',')
	if len(b) < 12 {
		return 0, false
	}
	f.str("seq=0x").hex(uint64(binary.BigEndian.Uint32(b[8:]))).str(",icv=0x")
	f.hexBytes(b[12:max(12, min(n, len(b)))])
	if len(b) < n {
		return 0, false
	}
	f.str("): ")
	return n, true
}
