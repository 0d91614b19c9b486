package filter

// checked is a number with the condition under which it can be computed, nil
// if there is none: tcp[13] needs TCP.
type checked struct {
	e *expr
	c cond
}

func (g *lowerer) relation(r *relation) cond {
	a, b := g.arith(r.l), g.arith(r.r)
	var c cond
	switch r.op {
	case "=":
		c = &compare{eq, a.e, b.e}
	case "!=":
		c = not(&compare{eq, a.e, b.e})
	case ">":
		c = &compare{gt, a.e, b.e}
	case "<=":
		c = not(&compare{gt, a.e, b.e})
	case ">=":
		c = &compare{ge, a.e, b.e}
	case "<":
		c = not(&compare{ge, a.e, b.e})
	}
	return bothOf(a.c, bothOf(b.c, c))
}

func bothOf(a, b cond) cond {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return allOf(a, b)
}

func (g *lowerer) arith(a arith) checked {
	switch a := a.(type) {
	case *literal:
		return checked{e: g.num(a.v)}
	case pktLen:
		return checked{e: g.intern(expr{op: opLen})}
	case *negative:
		in := g.arith(a.a)
		return checked{g.neg(in.e), in.c}
	case *operation:
		l, r := g.arith(a.l), g.arith(a.r)
		e := g.bin(opOf[a.op], l.e, r.e)
		if e == nil && (a.op == "/" || a.op == "%") {
			failAt(a.t, "divides")
		} else if e == nil {
			failAt(a.t, "shifts")
		}
		// The right side's condition is dropped, as libpcap's gen_arth drops it:
		// 1 + tcp[0] does not ask for TCP, tcp[0] + 1 does.
		return checked{e, l.c}
	case *load:
		return g.field(a)
	}
	panic("unknown number")
}

// field loads from a header. What lies behind IPv4 is loaded from IPv4 alone,
// as libpcap 1.10 does, and from no later fragment.
func (g *lowerer) field(l *load) checked {
	if l.size != 1 && l.size != 2 && l.size != 4 {
		failAt(l.sizeT, "size")
	}
	size := uint8(l.size)
	index := g.arith(l.index)
	p, isIP := overIP[l.proto]
	_, isLink := overLink[l.proto]
	switch {
	case l.proto == "ether":
		return checked{g.indexed(size, g.link, index.e), index.c}
	case l.proto == "icmp6":
		return checked{g.indexed(size, g.network(40), index.e),
			bothOf(index.c, allOf(g.linkProto(etherIPv6, l.t), g.inNet(1, 6, protoICMPv6)))}
	case isIP && l.proto != "ah" && l.proto != "esp":
		c := bothOf(index.c, allOf(g.ipProto(p.num, p.ip, l.t), g.firstFragment()))
		return checked{g.behindIPv4(size, index.e), allOf(g.linkProto(etherIP, l.t), c)}
	case isLink && !llcOnly[l.proto] && l.proto != "aarp":
		return checked{g.indexed(size, g.network(0), index.e), bothOf(index.c, g.linkProto(overLink[l.proto], l.t))}
	}
	failAt(l.t, "bytes")
	return checked{}
}

var llcOnly = map[string]bool{"iso": true, "stp": true, "ipx": true, "netbeui": true}

// indexed loads from a computed place behind base.
func (g *lowerer) indexed(size uint8, p place, index *expr) *expr {
	switch {
	case index.op == opConst:
		return g.at(size, p.plus(index.k))
	case p.base != nil:
		return g.load(size, p.off, g.bin(opAdd, p.base, index))
	}
	return g.load(size, g.shift(p.off), index)
}

// behindIPv4 loads from behind the IPv4 header, however long that is.
func (g *lowerer) behindIPv4(size uint8, index *expr) *expr {
	header := g.network(0)
	if header.base != nil {
		length := g.bin(opLsh, g.bin(opAnd, g.at(1, header), g.num(15)), g.num(2))
		return g.indexed(size, place{g.bin(opAdd, header.base, length), header.off}, index)
	}
	ihl := g.shift(header.off)
	e := *g.load(size, ihl, index)
	if e.op == opLoad {
		e.ipv4, e.ihl = true, ihl
	}
	return g.intern(e)
}
