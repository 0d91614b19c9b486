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

	link    place // of the link layer, behind pppoes that of PPP
	typeAt  place // of the link layer's protocol field
	hasType bool
	payload place  // behind the link layer, its VLAN tags included
	net     uint32 // of the network layer, from payload
	llcNet  uint32 // the same behind an 802.2 header without SNAP
	mpls    int
	vlans   int
	pppoe   bool
	ppp     bool // of the link layer, or behind pppoes
}

// place is an offset in the packet: off bytes behind base, nil for the packet's
// beginning.
type place struct {
	base *expr
	off  uint32
}

func (p place) plus(n uint32) place { return place{p.base, p.off + n} }

func newLowerer(ctx context.Context, lt capture.LinkType, names names, x exprs) *lowerer {
	g := &lowerer{exprs: x, ctx: ctx, lt: lt, names: names, hasType: true}
	switch lt {
	case capture.Ethernet:
		g.typeAt.off, g.payload.off, g.llcNet = 12, 14, 3
	case capture.Null, capture.Loop:
		g.payload.off = 4
	case capture.LinuxSLL:
		g.typeAt.off, g.payload.off = 14, 16
	case capture.LinuxSLL2:
		g.payload.off = 20
	case capture.PPP, capture.PPPSerial: // address and control are taken to be there
		g.typeAt.off, g.payload.off, g.ppp = 2, 4, true
	case capture.PPPEther:
		g.typeAt.off, g.payload.off, g.ppp = 6, 8, true
	case capture.IEEE80211, capture.Radiotap, capture.Prism, capture.AVS:
		g.wlan()
	case capture.Raw, capture.IPv4, capture.IPv6:
		g.hasType = false
	default:
		panic(failure{LinkTypeError(lt)})
	}
	return g
}

// at loads from a fixed place in the packet. On a "cooked" socket the kernel has
// no header of SLL: three of its fields are ancillary data, the payload begins
// at 0 (packet(7), libpcap's fix_offset).
func (g *lowerer) at(size uint8, p place) *expr {
	if p.base != nil && p.off > highest {
		return g.load(size, 0, g.bin(opAdd, p.base, g.num(p.off))) // before base
	}
	if p.base != nil {
		return g.load(size, p.off, p.base)
	}
	if aux, ok := g.ancillary(size, p.off); ok {
		return g.intern(expr{op: opLoad, size: size, k: aux})
	}
	return g.load(size, g.shift(p.off), nil)
}

// load is exprs.load, which a kernel must not be given with an offset that
// wraps round: there the cooked header's fields could come before the packet.
func (g *lowerer) load(size uint8, base uint32, index *expr) *expr {
	e := g.exprs.load(size, base, index)
	if e.op == opBad && g.kernel {
		panic(failure{errUserSpace})
	}
	return e
}

func (g *lowerer) cmp(size uint8, at place, v uint32) cond {
	return &compare{eq, g.at(size, at), g.num(v)}
}

func (g *lowerer) masked(size uint8, at place, v, mask uint32) cond {
	if mask == 0xffffffff {
		return g.cmp(size, at, v)
	}
	return &compare{eq, g.bin(opAnd, g.at(size, at), g.num(mask)), g.num(v)}
}

// bytes compares from the end, four at a time, as gen_bcmp does.
func (g *lowerer) bytes(at place, b []byte) cond {
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
		cs = append(cs, g.cmp(uint8(size), at.plus(uint32(n)), v))
	}
	return allOf(cs...)
}

// network is a place in the network header.
func (g *lowerer) network(off uint32) place { return g.payload.plus(g.net + off) }

func (g *lowerer) inNet(size uint8, off, v uint32) cond {
	return g.cmp(size, g.network(off), v)
}

// linkProto asks whether the link layer carries v: an EtherType, or an 802.2
// service access point if v is not above 1500.
func (g *lowerer) linkProto(v uint32, t token) cond {
	switch {
	case g.mpls > 0:
		return g.insideMPLS(v, t)
	case g.ppp:
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
	case capture.IEEE80211, capture.Radiotap, capture.Prism, capture.AVS:
		return allOf(g.wlanData(), g.llcProto(v))
	case capture.IPv4:
		return constant(v == etherIP)
	case capture.IPv6:
		return constant(v == etherIPv6)
	}
	switch v {
	case etherIP:
		return g.masked(1, g.link, 0x40, 0xf0)
	case etherIPv6:
		return g.masked(1, g.link, 0x60, 0xf0)
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
			cs = append(cs, g.cmp(4, g.link, n<<24))
		}
		cs = append(cs, g.cmp(4, g.link, n))
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
		return allOf(isLLC, g.cmp(1, g.typeAt.plus(2), v))
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
		failAt(t, "mpls.inside")
	}
	bottom := g.masked(1, g.payload.plus(g.net-2), 1, 1)
	return allOf(bottom, g.masked(1, g.network(0), version, 0xf0))
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
