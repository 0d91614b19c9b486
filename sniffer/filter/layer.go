package filter

import (
	"context"

	"chatlab/sniffer/capture"
)

// EtherTypes and 802.2 service access points, as libpcap's ethertype.h and llc.h
// name them.
const (
	etherIP     = 0x0800
	etherARP    = 0x0806
	etherRARP   = 0x8035
	etherIPv6   = 0x86dd
	etherVLAN   = 0x8100
	etherQinQ   = 0x88a8
	etherOldQ   = 0x9100
	etherMPLS   = 0x8847
	etherPPPoED = 0x8863
	etherPPPoES = 0x8864
	etherIPX    = 0x8137
	etherATalk  = 0x809b
	etherAARP   = 0x80f3

	sapOSI     = 0xfe
	sapIP      = 0x06
	sapSTP     = 0x42
	sapIPX     = 0xe0
	sapNetBEUI = 0xf0
	sapSNAP    = 0xaa

	maxLength = 1500 // an Ethernet type field up to this is a length (802.3)
)

// lowerer makes conds of nodes for one link type. "vlan" and "mpls" move its
// offsets for all that follows in the expression, as in libpcap.
type lowerer struct {
	exprs
	ctx      context.Context
	lt       capture.LinkType
	names    names
	kernel   bool // for a socket: what only the kernel knows is in ancillary data
	stripped bool // for a socket: the outer VLAN tag is in ancillary data

	link    uint32 // of the link layer: 0, behind pppoes that of PPP
	typeAt  uint32 // of the link layer's protocol field
	hasType bool
	payload uint32 // behind the link layer, its VLAN tags included
	net     uint32 // of the network layer, from payload
	llcNet  uint32 // the same behind an 802.2 header without SNAP
	mpls    int
	vlans   int
	pppoe   bool
}

func newLowerer(ctx context.Context, lt capture.LinkType, names names, x exprs) *lowerer {
	g := &lowerer{exprs: x, ctx: ctx, lt: lt, names: names, hasType: true}
	switch lt {
	case capture.Ethernet:
		g.typeAt, g.payload, g.llcNet = 12, 14, 3
	case capture.Null, capture.Loop:
		g.payload = 4
	case capture.LinuxSLL:
		g.typeAt, g.payload = 14, 16
	case capture.LinuxSLL2:
		g.payload = 20
	case capture.Raw, rawBSD, rawOpenBSD, capture.IPv4, capture.IPv6:
		g.hasType = false
	default:
		panic(LinkTypeError(lt))
	}
	return g
}

// Files carry Raw under the numbers of two BSD systems' DLT_RAW, too.
const (
	rawBSD     capture.LinkType = 12
	rawOpenBSD capture.LinkType = 14
)

// at loads from a fixed place in the packet. On a "cooked" socket the kernel has
// no header of SLL: three of its fields are ancillary data, the payload begins
// at 0 (packet(7), libpcap's fix_offset).
func (g *lowerer) at(size uint8, off uint32) *expr {
	if aux, ok := g.ancillary(size, off); ok {
		return g.intern(expr{op: opLoad, size: size, k: aux})
	}
	return g.load(size, g.shift(off), nil)
}

// load is exprs.load, which a kernel must not be given with an offset that
// wraps round: there the cooked header's fields could come before the packet.
func (g *lowerer) load(size uint8, base uint32, index *expr) *expr {
	e := g.exprs.load(size, base, index)
	if e.op == opBad && g.kernel {
		panic(userSpace{"the expression names an offset outside any packet"})
	}
	return e
}

func (g *lowerer) cmp(size uint8, off, v uint32) cond {
	return &compare{eq, g.at(size, off), g.num(v)}
}

func (g *lowerer) masked(size uint8, off, v, mask uint32) cond {
	if mask == 0xffffffff {
		return g.cmp(size, off, v)
	}
	return &compare{eq, g.bin(opAnd, g.at(size, off), g.num(mask)), g.num(v)}
}

// bytes compares from the end, four at a time, as gen_bcmp does.
func (g *lowerer) bytes(off uint32, b []byte) cond {
	var cs []cond
	for n := len(b); n > 0; {
		size := 4
		if n < 4 {
			size = 2
		}
		v := uint32(0)
		for _, c := range b[n-size : n] {
			v = v<<8 | uint32(c)
		}
		n -= size
		cs = append(cs, g.cmp(uint8(size), off+uint32(n), v))
	}
	return allOf(cs...)
}

func (g *lowerer) inNet(size uint8, off, v uint32) cond {
	return g.cmp(size, g.payload+g.net+off, v)
}

// linkProto asks whether the link layer carries v: an EtherType, or an 802.2
// service access point if v is not above 1500.
func (g *lowerer) linkProto(v uint32, t token) cond {
	switch {
	case g.mpls > 0:
		return g.insideMPLS(v, t)
	case g.pppoe:
		return g.cmp(2, g.typeAt, pppType(v))
	}
	switch g.lt {
	case capture.Ethernet:
		return g.etherProto(v)
	case capture.LinuxSLL:
		return g.sllProto(v)
	case capture.LinuxSLL2:
		return g.cmp(2, g.typeAt, v)
	case capture.Null, capture.Loop:
		return g.family(v)
	case capture.IPv4:
		return constant(v == etherIP)
	case capture.IPv6:
		return constant(v == etherIPv6)
	}
	switch v {
	case etherIP:
		return g.masked(1, 0, 0x40, 0xf0)
	case etherIPv6:
		return g.masked(1, 0, 0x60, 0xf0)
	}
	return constant(false)
}

// family asks for an address family of the BSDs: their numbers for IPv6 differ.
// Null has the byte order of the machine that wrote the file: both are taken.
func (g *lowerer) family(v uint32) cond {
	var numbers []uint32
	switch v {
	case etherIP:
		numbers = []uint32{2}
	case etherIPv6:
		numbers = []uint32{24, 28, 30}
	default:
		return constant(false)
	}
	var cs []cond
	for _, n := range numbers {
		if g.lt == capture.Null {
			cs = append(cs, g.cmp(4, 0, n<<24))
		}
		cs = append(cs, g.cmp(4, 0, n))
	}
	return anyOf(cs...)
}

func (g *lowerer) snap(org, v uint32) cond {
	return g.bytes(g.payload, []byte{sapSNAP, sapSNAP, 3, byte(org >> 16), byte(org >> 8), byte(org), byte(v >> 8), byte(v)})
}

func (g *lowerer) etherProto(v uint32) cond {
	isLLC := not(&compare{gt, g.at(2, g.typeAt), g.num(maxLength)})
	isType := g.cmp(2, g.typeAt, v)
	switch v {
	case sapOSI, sapIP, sapNetBEUI:
		return allOf(isLLC, g.cmp(2, g.payload, v<<8|v))
	case sapIPX:
		return anyOf(g.cmp(2, g.typeAt, etherIPX), allOf(isLLC,
			anyOf(g.snap(0, etherIPX), anyOf(g.cmp(1, g.payload, sapIPX), g.cmp(2, g.payload, 0xffff)))))
	case etherATalk:
		return anyOf(isType, allOf(isLLC, g.snap(0x080007, etherATalk)))
	case etherAARP:
		return anyOf(isType, allOf(isLLC, g.snap(0, etherAARP)))
	}
	if v <= maxLength {
		return allOf(isLLC, g.cmp(1, g.typeAt+2, v))
	}
	return isType
}

// sllProto is etherProto where frames with an 802.2 header have a type of their
// own (LINUX_SLL_P_802_2, 4) and those without any another (LINUX_SLL_P_802_3, 1).
func (g *lowerer) sllProto(v uint32) cond {
	isType, isLLC := g.cmp(2, g.typeAt, v), g.cmp(2, g.typeAt, 4)
	switch v {
	case sapOSI, sapIP, sapNetBEUI:
		return allOf(isLLC, g.cmp(2, g.payload, v<<8|v))
	case sapIPX:
		return anyOf(g.cmp(2, g.typeAt, etherIPX), anyOf(g.cmp(2, g.typeAt, 1),
			allOf(isLLC, anyOf(g.cmp(1, g.payload, sapIPX), g.snap(0, etherIPX)))))
	case etherATalk:
		return anyOf(isType, allOf(isLLC, g.snap(0x080007, etherATalk)))
	case etherAARP:
		return anyOf(isType, allOf(isLLC, g.snap(0, etherAARP)))
	}
	if v <= maxLength {
		return allOf(isLLC, g.cmp(1, g.payload, v))
	}
	return isType
}

func (g *lowerer) insideMPLS(v uint32, t token) cond {
	version := uint32(0x40)
	switch v {
	case etherIP:
	case etherIPv6:
		version = 0x60
	default:
		failAt(t, "behind mpls only IPv4 and IPv6 can be told, not %q", t.text)
	}
	bottom := g.masked(1, g.payload+g.net-2, 1, 1)
	return allOf(bottom, g.masked(1, g.payload+g.net, version, 0xf0))
}

// pppType is the PPP protocol number of an EtherType.
func pppType(v uint32) uint32 {
	switch v {
	case etherIP:
		return 0x21
	case etherIPv6:
		return 0x57
	case 0x6003: // DECnet
		return 0x27
	case etherATalk:
		return 0x29
	case 0x0600: // Xerox NS
		return 0x25
	case sapOSI:
		return 0x23
	case sapSTP:
		return 0x31
	case sapIPX:
		return 0x2b
	}
	return v
}
