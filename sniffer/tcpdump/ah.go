package tcpdump

import "encoding/binary"

// ah prints an authentication header (print-ah.c; RFC 4302 §2) and returns its
// length.
func (f *formatter) ah(b []byte) (n int) {
	f.proto = "ah"
	f.str("AH")
	f.need(b, 2)
	n = (int(b[1]) + 2) * 4
	f.char('(')
	if f.opt.Verbose > 0 {
		f.str("length=").uint(uint32(b[1])).char('(').uint(uint32(n)).str("-bytes),")
	}
	f.need(b, 4)
	if reserved := binary.BigEndian.Uint16(b[2:]); reserved != 0 {
		f.str("reserved=0x").hex(uint64(reserved)).str("[MustBeZero],")
	}
	f.need(b, 8)
	f.str("spi=0x").hexPadded(uint64(binary.BigEndian.Uint32(b[4:])), 8).char(',')
	f.need(b, 12)
	f.str("seq=0x").hex(uint64(binary.BigEndian.Uint32(b[8:]))).str(",icv=0x")
	f.hexBytes(b[12:max(12, min(n, len(b)))])
	f.need(b, n)
	f.str("): ")
	return n
}
