package filter

// maxDepth bounds the parentheses, brackets and negations inside each other.
const maxDepth = 500

type parser struct {
	toks  []token
	pos   int
	depth int
}

// what an operand turned out to be, known only behind it: (80) is the value of
// a port in one place, the start of a sum in another.
type sort uint8

const (
	isTerm  sort = iota // a whole condition
	isValue             // a value that shares the qualifiers before it
	isNum               // a number, perhaps in parentheses: still either
	isArith             // a computed number, without a comparison so far
)

type operand struct {
	sort sort
	n    node
	q    quals // for the values that follow
	a    arith
	t    token
	bare bool // not in parentheses: only such a value can begin a list of values
}

// parse follows libpcap's grammar.y. The empty expression gives nil.
func parse(expr string) node {
	p := &parser{toks: scan(expr)}
	if p.peek().kind == end {
		return nil
	}
	n := p.terms(p.operand(quals{none: true}, false, true), quals{none: true})
	if t := p.peek(); t.kind != end {
		p.unexpected(t)
	}
	return n.n
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) peekAt(n int) token { return p.toks[min(p.pos+n, len(p.toks)-1)] }

func (p *parser) take() token {
	t := p.toks[p.pos]
	if t.kind != end {
		p.pos++
	}
	return t
}

func (p *parser) deeper() {
	if p.depth++; p.depth > maxDepth {
		failAt(p.peek(), "limit.depth", "n", maxDepth)
	}
}

// terms reads the rest of a row that begins with a whole condition.
func (p *parser) terms(first operand, q quals) operand {
	first = p.settle(first, q, false)
	c := chain{first: first.n}
	q = first.q
	for p.peek().is("and", "or") {
		and := p.take().canon == "and"
		o := p.settle(p.operand(q, true, true), q, true)
		c.rest = append(c.rest, link{and, o.n})
		q = o.q
	}
	if c.rest == nil {
		return first
	}
	return operand{n: &c, q: q}
}

// values reads the rest of a row of values in parentheses: (80 or 443).
func (p *parser) values(first operand, q quals) operand {
	first = p.settle(first, q, true)
	c := chain{first: first.n}
	for p.peek().is("and", "or") {
		and := p.take().canon == "and"
		c.rest = append(c.rest, link{and, p.settle(p.operand(q, true, false), q, true).n})
	}
	return operand{sort: isValue, n: &c, q: q}
}

// settle makes a condition of a number that turned out to be a value.
func (p *parser) settle(o operand, q quals, valueOK bool) operand {
	switch o.sort {
	case isArith:
		p.wanted(p.peek(), "want.comparison")
	case isNum:
		if !valueOK || q.none {
			p.lonely(o.t)
		}
		return operand{sort: isValue, n: &value{q: q, t: o.t}, q: q, t: o.t, bare: true}
	}
	return o
}

// operand reads one condition or value. Values are allowed where the qualifiers
// q can be shared, whole conditions everywhere but after qualifiers.
func (p *parser) operand(q quals, valueOK, termOK bool) operand {
	t := p.peek()
	switch {
	case t.is("not"):
		p.deeper()
		p.take()
		o := p.settle(p.operand(q, valueOK, termOK), q, valueOK)
		p.depth--
		return operand{sort: o.sort, n: &negation{o.n}, q: o.q, t: t, bare: true}
	case t.is("("):
		o := p.group(q, valueOK, termOK)
		if (o.sort == isNum || o.sort == isArith) && termOK {
			return p.comparison(p.arithRest(o.a, 0), o)
		}
		return o
	case t.kind == number && !termOK:
		p.take()
		return operand{sort: isNum, a: &literal{t.num}, t: t}
	case t.kind == number, t.is("-", "len"), t.kind == word && protocols[t.canon] && p.peekAt(1).is("["):
		if !termOK {
			p.wanted(t, p.valueName(q))
		}
		o := operand{t: t, sort: isNum}
		return p.comparison(p.arith(0), o)
	case t.kind == name, t.kind == addr4, t.kind == addr6, t.kind == mac:
		if !valueOK || q.none {
			p.lonely(t)
		}
		return operand{sort: isValue, n: p.value(q), q: q, t: t, bare: true}
	case (t.kind == word || t.kind == end) && !termOK:
		p.wanted(t, p.valueName(q))
	}
	return p.primitive()
}

// group reads parentheses around conditions, values or a number.
func (p *parser) group(q quals, valueOK, termOK bool) operand {
	open := p.take()
	p.deeper()
	o := p.operand(q, valueOK, termOK)
	switch {
	case (o.sort == isNum || o.sort == isArith) && p.peek().is(")"):
	case o.sort == isTerm:
		o = p.terms(o, q)
		o.q = q // behind the parenthesis the qualifiers before it count again
	case o.sort == isArith:
		p.wanted(p.peek(), "want.comparison")
	case !valueOK:
		p.lonely(o.t)
	case o.sort == isValue && !o.bare:
		failAt(o.t, "list")
	default:
		o = p.values(o, q)
	}
	if t := p.peek(); !t.is(")") {
		if t.kind == end {
			failAt(open, "open.parenthesis")
		}
		p.unexpected(t)
	}
	p.take()
	p.depth--
	o.bare = false
	if o.sort != isNum {
		o.t = open
	}
	return o
}

// comparison reads on after a sum; without a comparison what was read is o.
func (p *parser) comparison(a arith, o operand) operand {
	t := p.peek()
	if t.is("=", "!=", "<", ">", "<=", ">=") {
		p.take()
		return operand{n: &relation{op: t.canon, l: a, r: p.arith(0), t: t}, q: quals{none: true}}
	}
	o.a = a
	if _, ok := a.(*literal); !ok {
		o.sort = isArith
	}
	return o
}
