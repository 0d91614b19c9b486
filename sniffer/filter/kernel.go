package filter

import "chatlab/sniffer/capture"

// Ancillary data of a packet in the kernel, at offsets that no packet has
// (linux/filter.h: SKF_AD_OFF and SKF_AD_…).
const (
	auxProtocol   = 0xfffff000
	auxPktType    = auxProtocol + 4
	auxIfIndex    = auxProtocol + 8
	auxHaType     = auxProtocol + 28
	auxVLANTag    = auxProtocol + 44
	auxVLANHasTag = auxProtocol + 48
)

// cookedLen is the length of the header that a "cooked" socket's packets have in
// files and lack in the kernel; 0 for all others.
func (g *lowerer) cookedLen() uint32 {
	switch {
	case g.kernel && g.lt == capture.LinuxSLL:
		return 16
	case g.kernel && g.lt == capture.LinuxSLL2:
		return 20
	}
	return 0
}

func (g *lowerer) ancillary(size uint8, off uint32) (uint32, bool) {
	type field struct {
		size uint8
		off  uint32
	}
	switch g.cookedLen() {
	case 16:
		aux, ok := map[field]uint32{{2, 0}: auxPktType, {2, 2}: auxHaType, {2, 14}: auxProtocol}[field{size, off}]
		return aux, ok
	case 20:
		aux, ok := map[field]uint32{{2, 0}: auxProtocol, {4, 4}: auxIfIndex, {2, 8}: auxHaType, {1, 10}: auxPktType}[field{size, off}]
		return aux, ok
	}
	return 0, false
}

func (g *lowerer) shift(off uint32) uint32 {
	n := g.cookedLen()
	if off < n {
		panic(failure{errUserSpace}) // the kernel has no such bytes of the cooked header
	}
	return off - n
}
