package filter

// primitive reads a condition that begins with a reserved word.
func (p *parser) primitive() operand {
	t := p.take()
	own := quals{none: true}
	switch {
	case t.kind == end:
		p.wanted(t, "want.condition")
	case refused[t.canon]:
		failAt(t, "unsupported")
	case protocols[t.canon]:
		switch n := p.peek(); {
		case n.is("src", "dst", "host", "net", "port", "portrange", "proto"):
			return p.qualified(t.canon)
		case n.is("broadcast", "multicast"):
			p.take()
			return operand{n: &simple{what: n.canon, proto: t.canon, t: t}, q: own}
		case n.kind == word && refused[n.canon]:
			failAt(n, "unsupported")
		case n.kind == number || n.kind == name:
			if t.is("tcp", "udp", "sctp") {
				failAt(n, "between.port", "before", t.text)
			}
			failAt(n, "between.host", "before", t.text)
		case n.kind == addr4 || n.kind == addr6 || n.kind == mac:
			failAt(n, "between.address", "before", t.text)
		}
		return operand{n: &abbrev{t.canon, t}, q: own}
	case t.is("src", "dst", "host", "net", "port", "portrange", "proto"):
		p.pos--
		return p.qualified("")
	case t.is("broadcast", "multicast", "inbound", "outbound", "pppoed"):
		return operand{n: &simple{what: t.canon, t: t}, q: own}
	case t.is("less", "greater", "ifindex"):
		s := &simple{what: t.canon, t: t, has: true, numAt: p.number(t)}
		s.num = s.numAt.num
		return operand{n: s, q: own}
	case t.is("vlan", "mpls", "pppoes"):
		s := &simple{what: t.canon, t: t}
		if n := p.peek(); n.kind == number || n.is("(") {
			s.has, s.numAt = true, p.parenthesised()
			s.num = s.numAt.num
		}
		return operand{n: s, q: own}
	case t.is("byte"):
		b := &byteTest{off: p.number(t).num}
		op := p.take()
		if !op.is("=", "<", ">", "&", "|") {
			p.wanted(op, "want.test")
		}
		b.op, b.k = op.canon, p.number(op).num
		return operand{n: b, q: own}
	}
	p.pos--
	p.unexpected(t)
	panic("unreachable")
}

// qualified reads direction and type, and the value they are for.
func (p *parser) qualified(proto string) operand {
	q := quals{proto: proto}
	given := false
	if t := p.peek(); t.is("src", "dst") {
		p.take()
		given = true
		q.dir = srcOnly
		if t.is("dst") {
			q.dir = dstOnly
		}
		if o := p.peekAt(1); p.peek().is("and", "or") && o.is("src", "dst") && o.canon != t.canon {
			q.dir = either
			if p.take().is("and") {
				q.dir = both
			}
			p.take()
		}
	}
	if t := p.peek(); t.is("host", "net", "port", "portrange") || !given && t.is("proto") {
		p.take()
		q.typ = t.canon
	}
	o := p.settle(p.operand(q, true, false), q, true)
	o.sort = isTerm
	return o
}

// value reads one value that is not a number, with the mask that may follow it.
func (p *parser) value(q quals) node {
	v := &value{q: q, t: p.take()}
	switch t := p.peek(); {
	case t.is("/") && (v.t.kind == addr4 || v.t.kind == addr6):
		p.take()
		v.bits = p.number(t)
	case t.is("mask") && v.t.kind == addr4:
		p.take()
		if v.mask = p.take(); v.mask.kind != addr4 {
			p.wanted(v.mask, "want.mask")
		}
	}
	return v
}

func (p *parser) number(after token) token {
	t := p.peek()
	if t.kind != number {
		p.wanted(t, "want.number")
	}
	return p.take()
}

func (p *parser) parenthesised() token {
	if open := p.peek(); open.is("(") {
		p.deeper()
		p.take()
		t := p.parenthesised()
		if c := p.peek(); !c.is(")") {
			p.wanted(c, "want.close")
		}
		p.take()
		p.depth--
		return t
	}
	return p.number(p.toks[max(p.pos-1, 0)])
}
