package filter

import "chatlab/sniffer/capture"

func (g *lowerer) cond(n node) cond {
	switch n := n.(type) {
	case *chain:
		s := &series{first: g.cond(n.first)}
		for _, l := range n.rest {
			s.rest = append(s.rest, joined{l.and, g.cond(l.n)})
		}
		return s
	case *negation:
		return not(g.cond(n.n))
	case *abbrev:
		return g.abbrev(n.proto, n.t)
	case *relation:
		return g.relation(n)
	case *simple:
		return g.simple(n)
	case *byteTest:
		return g.byteTest(n)
	case *value:
		return g.value(n)
	}
	panic("unknown node")
}

func (g *lowerer) simple(s *simple) cond {
	switch s.what {
	case "less":
		return not(&compare{gt, g.intern(expr{op: opLen}), g.num(s.num)})
	case "greater":
		return &compare{ge, g.intern(expr{op: opLen}), g.num(s.num)}
	case "broadcast":
		return g.broadcast(s)
	case "multicast":
		return g.multicast(s)
	case "inbound":
		return not(g.outbound(s))
	case "outbound":
		return g.outbound(s)
	case "ifindex":
		return g.ifindex(s)
	case "vlan":
		return g.vlan(s)
	case "mpls":
		return g.mplsLabel(s)
	case "pppoed":
		return g.linkProto(etherPPPoED, s.t)
	case "pppoes":
		return g.pppoeSession(s)
	}
	panic("unknown primitive")
}

func (g *lowerer) ethernet(t token) {
	if g.lt != capture.Ethernet || g.pppoe {
		failAt(t, "needs.ether")
	}
}

// is80211 tells whether the link layer is 802.11's.
func (g *lowerer) is80211() bool {
	switch g.lt {
	case capture.IEEE80211, capture.Radiotap, capture.Prism, capture.AVS:
		return !g.pppoe
	}
	return false
}

func (g *lowerer) broadcast(s *simple) cond {
	switch s.proto {
	case "", "ether":
		return g.station([]byte{255, 255, 255, 255, 255, 255}, dstOnly, s.t)
	case "ip":
		// The network's mask is not known: all ones and all zeros, as in a file.
		return allOf(g.linkProto(etherIP, s.t), anyOf(g.inNet(4, 16, 0), g.inNet(4, 16, 0xffffffff)))
	}
	failAt(s.t, "broadcast")
	return nil
}

func (g *lowerer) multicast(s *simple) cond {
	switch s.proto {
	case "", "ether":
		group := func(at place) cond { return not(g.masked(1, at, 0, 1)) }
		if g.is80211() {
			return g.wlanDestination(group)
		}
		g.ethernet(s.t)
		return group(g.link)
	case "ip":
		return allOf(g.linkProto(etherIP, s.t), &compare{ge, g.at(1, g.network(16)), g.num(224)})
	case "ip6":
		return allOf(g.linkProto(etherIPv6, s.t), g.inNet(1, 24, 255))
	}
	failAt(s.t, "multicast")
	return nil
}

// outbound is packet type 4, PACKET_OUTGOING of packet(7).
func (g *lowerer) outbound(s *simple) cond {
	switch {
	case g.lt == capture.LinuxSLL:
		return g.cmp(2, place{}, 4)
	case g.lt == capture.LinuxSLL2:
		return g.cmp(1, place{off: 10}, 4)
	case g.kernel:
		return &compare{eq, g.intern(expr{op: opLoad, size: 2, k: auxPktType}), g.num(4)}
	}
	failAt(s.t, "unwritten")
	return nil
}

func (g *lowerer) ifindex(s *simple) cond {
	switch {
	case g.lt == capture.LinuxSLL2:
		return g.cmp(4, place{off: 4}, s.num)
	case g.kernel:
		return &compare{eq, g.intern(expr{op: opLoad, size: 4, k: auxIfIndex}), g.num(s.num)}
	}
	failAt(s.t, "unwritten")
	return nil
}

// vlan moves the offsets behind the tag for all that follows.
func (g *lowerer) vlan(s *simple) cond {
	if g.mpls > 0 {
		failAt(s.t, "vlan.mpls")
	}
	if g.pppoe {
		failAt(s.t, "vlan.pppoe")
	}
	if !g.is80211() {
		g.ethernet(s.t)
	}
	if s.has && s.num > 0xfff {
		failAt(s.numAt, "large.vlan")
	}
	g.vlans++
	if g.stripped && g.vlans == 1 {
		if !s.has {
			return constant(true)
		}
		tag := g.intern(expr{op: opLoad, size: 1, k: auxVLANTag})
		return &compare{eq, g.bin(opAnd, tag, g.num(0xfff)), g.num(s.num)}
	}
	c := anyOf(g.linkProto(etherVLAN, s.t), g.linkProto(etherQinQ, s.t), g.linkProto(etherOldQ, s.t))
	if s.has {
		c = allOf(c, g.masked(2, g.network(0), s.num, 0xfff))
	}
	g.payload = g.payload.plus(4)
	g.typeAt = g.typeAt.plus(4)
	return c
}

func (g *lowerer) mplsLabel(s *simple) cond {
	var c cond
	if g.mpls > 0 {
		c = g.masked(1, g.payload.plus(g.net-2), 0, 1)
	} else {
		proto := uint32(0x281) // of PPP
		if !g.pppoe && g.lt != capture.PPP {
			g.ethernet(s.t)
			proto = etherMPLS
		}
		c = g.linkProto(proto, s.t)
	}
	if s.has {
		if s.num > 0xfffff {
			failAt(s.numAt, "large.mpls")
		}
		c = allOf(c, g.masked(4, g.network(0), s.num<<12, 0xfffff000))
	}
	g.net += 4
	g.llcNet += 4
	g.mpls++
	return c
}

func (g *lowerer) pppoeSession(s *simple) cond {
	c := g.linkProto(etherPPPoES, s.t)
	if s.has {
		if s.num > 0xffff {
			failAt(s.numAt, "large.pppoe")
		}
		c = allOf(c, g.masked(4, g.network(0), s.num, 0xffff))
	}
	g.link = g.network(6)
	g.typeAt = g.link
	g.payload = g.link.plus(2)
	g.net, g.llcNet = 0, 0
	g.pppoe, g.ppp, g.hasType = true, true, true
	return c
}

func (g *lowerer) byteTest(b *byteTest) cond {
	l := g.at(1, g.link.plus(b.off))
	switch b.op {
	case "<":
		return not(&compare{ge, l, g.num(b.k)})
	case ">":
		return &compare{gt, l, g.num(b.k)}
	case "&":
		return not(&compare{eq, g.bin(opAnd, l, g.num(b.k)), g.num(0)})
	case "|":
		return not(&compare{eq, g.bin(opOr, l, g.num(b.k)), g.num(0)})
	}
	return &compare{eq, l, g.num(b.k)}
}
