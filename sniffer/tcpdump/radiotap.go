package tcpdump

import "encoding/binary"

// Bits of radiotap's presence words (radiotap.org).
const (
	rtTSFT = iota
	rtFlags
	rtRate
	rtChannel
	rtFHSS
	rtSignal // dBm
	rtNoise  // dBm
	rtLockQuality
	rtTxAttenuation
	rtTxAttenuationDB
	rtTxPower // dBm
	rtAntenna
	rtSignalDB
	rtNoiseDB
	rtRxFlags

	rtXChannel  = 18
	rtMCS       = 19
	rtAMPDU     = 20
	rtVHT       = 21
	rtNamespace = 29
	rtVendor    = 30
	rtMore      = 31

	rtFlagFCS     = 0x10
	rtFlagDataPad = 0x20
)

// radioFields reads the fields of a radiotap header, which are aligned to their
// sizes from the header's beginning (cpack.c).
type radioFields struct {
	b  []byte
	at int
}

// next gives the next field, of n bytes aligned to a multiple of align, or nil.
func (r *radioFields) next(n, align int) []byte {
	at := (r.at + align - 1) / align * align
	if at+n > len(r.b) {
		return nil
	}
	r.at = at + n
	return r.b[at:r.at]
}

// radiotap prints a radiotap header's fields and the frame behind it
// (ieee802_11_radio_print).
func (f *formatter) radiotap(b []byte, length uint32) int {
	f.proto = "802.11_radio"
	hdrlen := 0
	if len(b) >= 8 {
		hdrlen = int(binary.LittleEndian.Uint16(b[2:]))
	}
	if hdrlen < 8 || len(b) < hdrlen {
		f.trunc()
		return len(b)
	}
	words := 1
	for at := 4; at+4 <= hdrlen && binary.LittleEndian.Uint32(b[at:])>>rtMore != 0; at += 4 {
		words++
	}
	if 4+4*words > hdrlen {
		f.trunc()
		return len(b)
	}
	flags := f.radioWords(b[:hdrlen], words)
	fcs := uint32(0)
	if flags&rtFlagFCS != 0 {
		fcs = 4
	}
	return hdrlen + f.wlan(b[hdrlen:], length-uint32(hdrlen), flags&rtFlagDataPad != 0, fcs)
}

// radioWords prints the fields of all presence words and returns the flags.
func (f *formatter) radioWords(b []byte, words int) (flags byte) {
	fields := &radioFields{b, 4 + 4*words}
	base, vendor, skip := 0, false, 0
	for i := range words {
		present := binary.LittleEndian.Uint32(b[4+4*i:])
		if vendor {
			if fields.next(skip, 1) == nil && skip > 0 {
				return flags
			}
			skip = 0
		} else if !f.radioWord(fields, present, base, &flags) {
			return flags
		}
		switch present >> rtNamespace & 3 {
		case 0:
			base += 32
		case 1:
			base, vendor, skip = 0, false, 0
		case 2:
			base, vendor = 0, true
			v := fields.next(4, 2)
			n := []byte(nil)
			if v != nil {
				n = fields.next(2, 2)
			}
			if n == nil {
				f.trunc()
				break
			}
			skip = int(binary.LittleEndian.Uint16(n))
		}
	}
	return flags
}

// radioWord prints the fields of one presence word. It reports whether more can
// be read.
func (f *formatter) radioWord(fields *radioFields, present uint32, base int, flags *byte) bool {
	for bit := range rtNamespace {
		if present>>bit&1 == 0 {
			continue
		}
		size, known := radioSizes[base+bit]
		if !known {
			f.str("[bit ").uint(uint32(base + bit)).str("] ")
			return false
		}
		b := fields.next(size.n, size.align)
		if b == nil {
			f.trunc()
			return false
		}
		if base+bit == rtFlags {
			*flags = b[0]
		}
		f.radioField(base+bit, b, present)
	}
	return true
}

// radioSizes are the sizes of the fields whose size tcpdump knows.
var radioSizes = map[int]struct{ n, align int }{
	rtTSFT: {8, 8}, rtFlags: {1, 1}, rtRate: {1, 1}, rtChannel: {4, 2}, rtFHSS: {2, 1}, rtSignal: {1, 1}, rtNoise: {1, 1},
	rtLockQuality: {2, 2}, rtTxAttenuation: {2, 2}, rtTxAttenuationDB: {1, 1}, rtTxPower: {1, 1}, rtAntenna: {1, 1},
	rtSignalDB: {1, 1}, rtNoiseDB: {1, 1}, rtRxFlags: {2, 2}, rtXChannel: {8, 4}, rtMCS: {3, 1}, rtAMPDU: {8, 4}, rtVHT: {12, 2},
}

// prism prints the frame behind a Prism header, or an AVS header in its place
// (prism_if_print).
func (f *formatter) prism(b []byte, length uint32) int {
	const hdrlen = 144
	f.proto = "prism"
	switch {
	case len(b) >= 4 && (binary.BigEndian.Uint32(b) == 0x80211001 || binary.BigEndian.Uint32(b) == 0x80211002):
		return f.avs(b, length)
	case len(b) < hdrlen:
		f.trunc()
		return len(b)
	}
	return hdrlen + f.wlan(b[hdrlen:], length-hdrlen, false, 0)
}

// avs prints the frame behind an AVS header (ieee802_11_radio_avs_print).
func (f *formatter) avs(b []byte, length uint32) int {
	f.proto = "802.11_radio_avs"
	if len(b) < 8 {
		f.trunc()
		return len(b)
	}
	hdrlen := binary.BigEndian.Uint32(b[4:])
	if hdrlen < 8 || uint32(len(b)) < hdrlen {
		f.trunc()
		return len(b)
	}
	return int(hdrlen) + f.wlan(b[hdrlen:], length-hdrlen, false, 0)
}
