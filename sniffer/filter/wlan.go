package filter

import "chatlab/sniffer/capture"

// Bits of an 802.11 frame's first two bytes (IEEE 802.11-2020 §9.2.4.1).
const (
	wlanTypeLow  = 0x04 // of the first: set for control frames
	wlanTypeHigh = 0x08 // set for data frames
	wlanToDS     = 0x01 // of the second
	wlanFromDS   = 0x02
)

// wlan sets the offsets of 802.11, whose headers have no fixed length. They are
// variables, computed once where the program begins, as libpcap computes them
// (gen_load_802_11_header_len), with arithmetic in place of its jumps.
func (g *lowerer) wlan() {
	word := func(n int, e *expr) *expr {
		return g.intern(expr{op: opVar, k: uint32(words16 - 1 - n), a: e})
	}
	bit := func(e *expr, n uint32) *expr { return g.bin(opAnd, g.bin(opRsh, e, g.num(n)), g.num(1)) }
	not := func(e *expr) *expr { return g.bin(opXor, e, g.num(1)) }
	switch g.lt {
	case capture.Radiotap: // the length is little-endian
		g.link.base = word(0, g.bin(opOr, g.bin(opLsh, g.load(1, 3, nil), g.num(8)), g.load(1, 2, nil)))
	case capture.AVS:
		g.link.base = word(0, g.load(4, 4, nil))
	case capture.Prism: // 144 bytes, unless an AVS header's cookie is there
		other := g.bin(opXor, g.bin(opAnd, g.load(4, 0, nil), g.num(0xfffff000)), g.num(0x80211000))
		isPrism := g.bin(opRsh, g.bin(opOr, other, g.neg(other)), g.num(31))
		g.link.base = word(0, g.bin(opAdd, g.bin(opMul, isPrism, g.num(144)), g.bin(opMul, not(isPrism), g.load(4, 4, nil))))
	}
	control := g.load(1, 0, g.link.base)
	isData := g.bin(opAnd, bit(control, 3), not(bit(control, 2)))
	length := g.bin(opAdd, g.bin(opLsh, g.bin(opAnd, bit(control, 7), isData), g.num(1)), g.num(24)) // QoS has two bytes more
	if g.link.base != nil {
		length = g.bin(opAdd, length, g.link.base)
	}
	if g.lt == capture.Radiotap {
		// The header may be padded to four bytes, which the flags tell; only the
		// clock, of eight bytes, stands before them. More words of presence bits are
		// not looked at. The first word's bytes are in the wrong order for BPF.
		present := g.load(4, 4, nil)
		flags := g.load(1, 8, g.bin(opLsh, bit(present, 24), g.num(3)))
		padded := g.bin(opAnd, g.bin(opAnd, bit(present, 25), not(bit(present, 7))), g.bin(opAnd, bit(flags, 5), isData))
		mask := g.bin(opMul, padded, g.num(3))
		length = g.bin(opAnd, g.bin(opAdd, length, mask), g.bin(opXor, mask, g.num(0xffffffff)))
	}
	g.payload.base = word(1, length)
	g.net, g.llcNet = 8, 3
}

// wlanBit asks for a bit of one of a frame's first two bytes.
func (g *lowerer) wlanBit(at, bit uint32) cond { return not(g.masked(1, g.link.plus(at), 0, bit)) }

// wlanData asks for a data frame (gen_check_802_11_data_frame).
func (g *lowerer) wlanData() cond {
	return allOf(not(g.wlanBit(0, wlanTypeLow)), g.wlanBit(0, wlanTypeHigh))
}

// wlanSource asks where a frame's source address is, wlanDestination where its
// destination (gen_wlanhostop): control frames have neither.
func (g *lowerer) wlanSource(is func(place) cond) cond {
	toDS, fromDS := g.wlanBit(1, wlanToDS), g.wlanBit(1, wlanFromDS)
	distributed := allOf(fromDS, anyOf(allOf(not(toDS), is(g.link.plus(16))), allOf(toDS, is(g.link.plus(24)))))
	data := allOf(g.wlanBit(0, wlanTypeHigh), anyOf(allOf(not(fromDS), is(g.link.plus(10))), distributed))
	return allOf(not(g.wlanBit(0, wlanTypeLow)), anyOf(allOf(not(g.wlanBit(0, wlanTypeHigh)), is(g.link.plus(10))), data))
}

func (g *lowerer) wlanDestination(is func(place) cond) cond {
	toDS := g.wlanBit(1, wlanToDS)
	data := allOf(g.wlanBit(0, wlanTypeHigh), anyOf(allOf(not(toDS), is(g.link.plus(4))), allOf(toDS, is(g.link.plus(16)))))
	return allOf(not(g.wlanBit(0, wlanTypeLow)), anyOf(allOf(not(g.wlanBit(0, wlanTypeHigh)), is(g.link.plus(4))), data))
}

// llcProto is etherProto where each frame has an 802.2 header; of SNAP the type
// alone is asked for (gen_llc_linktype).
func (g *lowerer) llcProto(v uint32) cond {
	switch {
	case v == sapIP || v == sapOSI || v == sapNetBEUI:
		return g.cmp(2, g.payload, v<<8|v)
	case v == etherATalk:
		return g.snap(0x080007, v)
	case v <= maxLength:
		return g.cmp(1, g.payload, v)
	}
	return g.cmp(2, g.payload.plus(6), v)
}
