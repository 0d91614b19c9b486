package tcpdump

import (
	"encoding/binary"
	"strconv"
)

// digits2 holds "00" to "99".
const digits2 = "00010203040506070809" +
	"10111213141516171819" +
	"20212223242526272829" +
	"30313233343536373839" +
	"40414243444546474849" +
	"50515253545556575859" +
	"60616263646566676869" +
	"70717273747576777879" +
	"80818283848586878889" +
	"90919293949596979899"

const hexDigits = "0123456789abcdef"

// hexPair holds the two hex digits of each byte, the first in the low byte.
var hexPair = func() (t [256]uint16) {
	for i := range t {
		t[i] = uint16(hexDigits[i>>4]) | uint16(hexDigits[i&15])<<8
	}
	return t
}()

func (f *formatter) str(s string) *formatter {
	f.out = append(f.out, s...)
	return f
}

func (f *formatter) char(c byte) *formatter {
	f.out = append(f.out, c)
	return f
}

func (f *formatter) uint(v uint32) *formatter {
	f.out = appendUint(f.out, v)
	return f
}

func (f *formatter) int(v int) *formatter {
	if v < 0 {
		f.char('-')
		v = -v
	}
	return f.uint(uint32(v))
}

// tenths prints a number of tenths with its point.
func (f *formatter) tenths(v uint32) *formatter {
	return f.uint(v / 10).char('.').uint(v % 10)
}

// named prints a name, or what stands for none.
func (f *formatter) named(name, none string) *formatter {
	if name == "" {
		name = none
	}
	return f.str(name)
}

// numbered prints a name, or the number v that has none between before and after
// (tok2str in util-print.c).
func (f *formatter) numbered(name, before string, v uint32, after string) *formatter {
	if name != "" {
		return f.str(name)
	}
	return f.str(before).uint(v).str(after)
}

// A bitName is a bit's name, as bittok2str in util-print.c takes it.
type bitName struct {
	bit  uint32
	name string
}

// bits prints the names of the bits that are set in v, "none" if none is.
func (f *formatter) bits(v uint32, names ...bitName) {
	sep := ""
	for _, n := range names {
		if v&n.bit != 0 {
			f.str(sep).str(n.name)
			sep = ", "
		}
	}
	if sep == "" {
		f.str("none")
	}
}

// uintPadded prints v with spaces before it so that it is width wide or more.
func (f *formatter) uintPadded(v uint32, width int) *formatter {
	start := len(f.out)
	f.out = appendUint(f.out, v)
	for pad := width - (len(f.out) - start); pad > 0; pad-- {
		f.out = append(f.out, ' ')
		copy(f.out[start+1:], f.out[start:])
		f.out[start] = ' '
	}
	return f
}

func (f *formatter) uint64(v uint64) *formatter {
	f.out = strconv.AppendUint(f.out, v, 10)
	return f
}

// hex prints v in hex digits without leading zeros ("%x").
func (f *formatter) hex(v uint64) *formatter { return f.hexPadded(v, 1) }

// hexPadded prints v in width hex digits or more.
func (f *formatter) hexPadded(v uint64, width int) *formatter {
	n := 1
	for x := v >> 4; x > 0; x >>= 4 {
		n++
	}
	for i := max(n, width); i > 0; i-- {
		f.out = append(f.out, hexDigits[v>>(4*(i-1))&15])
	}
	return f
}

// hexBytes prints each byte as two hex digits.
func (f *formatter) hexBytes(b []byte) *formatter {
	for _, c := range b {
		f.out = binary.LittleEndian.AppendUint16(f.out, hexPair[c])
	}
	return f
}

// colons prints bytes in hex with a colon between two.
func (f *formatter) colons(b []byte) *formatter {
	for i, c := range b {
		if i > 0 {
			f.char(':')
		}
		f.out = binary.LittleEndian.AppendUint16(f.out, hexPair[c])
	}
	return f
}

// appendUint appends v in decimal.
func appendUint(b []byte, v uint32) []byte {
	if v < 10 {
		return append(b, byte('0'+v))
	}
	n := 2
	switch {
	case v < 100:
	case v < 1000:
		n = 3
	case v < 10000:
		n = 4
	case v < 100000:
		n = 5
	case v < 1000000:
		n = 6
	case v < 10000000:
		n = 7
	case v < 100000000:
		n = 8
	case v < 1000000000:
		n = 9
	default:
		n = 10
	}
	b = append(b, "0000000000"[:n]...)
	d := b[len(b)-n:]
	for n >= 2 {
		q := v / 100
		r := (v - q*100) * 2
		d[n-1] = digits2[r+1]
		d[n-2] = digits2[r]
		v = q
		n -= 2
	}
	if n == 1 {
		d[0] = byte('0' + v)
	}
	return b
}

// append6 appends the six decimal digits of v, which is below a million.
func append6(b []byte, v uint32) []byte {
	h := v / 10000 * 2
	m := v / 100 % 100 * 2
	l := v % 100 * 2
	return append(b, digits2[h], digits2[h+1], digits2[m], digits2[m+1], digits2[l], digits2[l+1])
}
