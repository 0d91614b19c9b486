package tcpdump

import (
	"encoding/binary"
	"slices"
)

// graph maps a byte to what -X shows for it: itself if it is visible ASCII
// other than space, else a dot.
var graph = func() (t [256]byte) {
	for i := range t {
		t[i] = '.'
		if i > ' ' && i < 0x7f {
			t[i] = byte(i)
		}
	}
	return t
}()

// ascii maps a byte to what -A shows for it. Carriage return is 0: it depends
// on what follows.
var ascii = func() [256]byte {
	t := graph
	t['\t'], t['\n'], t[' '], t['\r'] = '\t', '\n', ' ', 0
	return t
}()

// dump prints a packet's bytes as -X, -x or -A asks, the first of them that is
// set. hdrlen bytes are left out unless the flag was given twice.
func (f *formatter) dump(b []byte, hdrlen int) {
	o := &f.opt
	flag, print := 0, (*formatter).asciiPrint
	switch {
	case o.HexASCII > 0:
		flag, print = o.HexASCII, (*formatter).hexASCIIPrint
	case o.Hex > 0:
		flag, print = o.Hex, (*formatter).hexPrint
	case o.ASCII > 0:
		flag = o.ASCII
	default:
		return
	}
	if flag > 1 {
		print(f, b)
	} else if len(b) > hdrlen {
		print(f, b[hdrlen:])
	}
}

// defaultPrint prints what cannot be decoded, unless -x or -X will print it
// anyway or -q asks for less (ndo_suppress_default_print).
func (f *formatter) defaultPrint(b []byte) {
	if f.opt.Quiet == 0 && f.opt.Hex == 0 && f.opt.HexASCII == 0 {
		f.hexASCIIPrint(b)
	}
}

// asciiPrint follows ascii_print in print-ascii.c.
func (f *formatter) asciiPrint(b []byte) {
	n := len(f.out)
	f.out = slices.Grow(f.out, len(b)+1)
	w := f.out[n : n+len(b)+1]
	w[0] = '\n'
	i := 1
	for k, c := range b {
		t := ascii[c]
		if t == 0 {
			if f.opt.RawCR {
				t = '\r'
			} else if len(b)-k > 2 && b[k+1] != '\n' {
				t = '.'
			} else {
				continue
			}
		}
		w[i] = t
		i++
	}
	f.out = f.out[:n+i]
}

// hexASCIILine is a full line of -X: line feed, tab, "0x0000:", sixteen bytes
// as hex in eight groups, two spaces, sixteen characters.
const hexASCIILine = 2 + 7 + 1 + 40 + 2 + 16

// hexASCIIPrint follows hex_and_ascii_print in print-ascii.c.
func (f *formatter) hexASCIIPrint(b []byte) {
	const perLine = 16
	n := len(f.out)
	f.out = slices.Grow(f.out, (len(b)/perLine+1)*(hexASCIILine+8))
	w := f.out[n:cap(f.out)]
	i := 0
	offset := uint32(0)
	for ; len(b) >= perLine; b = b[perLine:] {
		i += putOffset(w[i:], offset)
		line := (*[1 + 40 + 2 + 16]byte)(w[i:])
		src := (*[perLine]byte)(b)
		line[0] = ' '
		for k := 0; k < perLine; k += 2 {
			at := 1 + k/2*5
			line[at] = ' '
			v := uint32(hexPair[src[k]]) | uint32(hexPair[src[k+1]])<<16
			binary.LittleEndian.PutUint32(line[at+1:], v)
		}
		line[41], line[42] = ' ', ' '
		for k, c := range src {
			line[43+k] = graph[c]
		}
		i += len(line)
		offset += perLine
	}
	f.out = f.out[:n+i]
	if len(b) == 0 {
		return
	}
	var o [16]byte
	f.out = append(f.out, o[:putOffset(o[:], offset)]...)
	f.char(' ')
	width := 0
	for k, c := range b {
		if k%2 == 0 {
			f.char(' ')
			width++
		}
		f.out = binary.LittleEndian.AppendUint16(f.out, hexPair[c])
		width += 2
	}
	for ; width < 42; width++ {
		f.char(' ')
	}
	for _, c := range b {
		f.char(graph[c])
	}
}

// putOffset puts the start of a line of -x and -X and returns its length. Past
// 0xffff the offset has more than four digits.
func putOffset(w []byte, offset uint32) int {
	if offset > 0xffff {
		digits := 5
		for offset>>(4*digits) != 0 {
			digits++
		}
		copy(w, "\n\t0x")
		for k := 0; k < digits; k++ {
			w[4+k] = hexDigits[offset>>(4*(digits-1-k))&15]
		}
		w[4+digits] = ':'
		return 5 + digits
	}
	p := (*[9]byte)(w)
	copy(p[:4], "\n\t0x")
	binary.LittleEndian.PutUint16(p[4:], hexPair[offset>>8])
	binary.LittleEndian.PutUint16(p[6:], hexPair[offset&0xff])
	p[8] = ':'
	return 9
}

// hexPrint follows hex_print in print-ascii.c.
func (f *formatter) hexPrint(b []byte) { f.hexPrintIndent("\n\t", b) }

func (f *formatter) hexPrintIndent(indent string, b []byte) {
	for k, c := range b {
		if k%16 == 0 {
			f.str(indent).str("0x").hexPadded(uint64(k), 4).str(": ")
		}
		if k%2 == 0 {
			f.char(' ')
		}
		f.out = binary.LittleEndian.AppendUint16(f.out, hexPair[c])
	}
}
