package filter

// binding is how strongly an operator binds, from the left. % and ^ have no
// precedence in grammar.y, which makes them bind to what is before them at once
// and take all that follows.
var binding = map[string]int{"|": 1, "&": 2, "<<": 3, ">>": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": greedy, "^": greedy}

const (
	minus  = 6
	greedy = 7
)

// arith reads a sum whose operators bind more strongly than above.
func (p *parser) arith(above int) arith {
	p.deeper()
	a := p.arithRest(p.factor(), above)
	p.depth--
	return a
}

func (p *parser) arithRest(l arith, above int) arith {
	for {
		t := p.peek()
		b := 0
		if t.kind == word {
			b = binding[t.canon]
		}
		if b <= above {
			return l
		}
		p.take()
		if b == greedy {
			b = 0
		}
		l = &operation{op: t.canon, l: l, r: p.arith(b), t: t}
	}
}

func (p *parser) factor() arith {
	t := p.peek()
	switch {
	case t.kind == number:
		p.take()
		return &literal{t.num}
	case t.is("-"):
		p.take()
		return &negative{p.arith(minus)}
	case t.is("len"):
		p.take()
		return pktLen{}
	case t.is("("):
		p.take()
		a := p.arith(0)
		if c := p.peek(); !c.is(")") {
			if c.kind == end {
				failAt(t, "open.parenthesis")
			}
			p.wanted(c, "want.operator")
		}
		p.take()
		return a
	case t.kind == word && protocols[t.canon]:
		return p.load()
	}
	p.wanted(t, "want.sum")
	return nil
}

func (p *parser) load() arith {
	l := &load{t: p.take(), size: 1}
	l.proto = l.t.canon
	if t := p.peek(); !t.is("[") {
		p.wanted(t, "want.offset")
	}
	open := p.take()
	l.index = p.arith(0)
	if p.peek().is(":") {
		p.take()
		l.sizeT = p.peek()
		if l.sizeT.kind != number {
			p.wanted(l.sizeT, "want.size")
		}
		l.size = p.take().num
	}
	if t := p.peek(); !t.is("]") {
		if t.kind == end {
			failAt(open, "open.bracket")
		}
		p.wanted(t, "want.bracket")
	}
	p.take()
	return l
}
