package filter

// cond is a condition ready to become jumps: yes, no, *compare, *inverse, *series.
type cond interface{}

type (
	constant bool
	// compare holds where l is equal to (greater than, …) r.
	compare struct {
		rel  rel
		l, r *expr
	}
	inverse struct{ c cond }
	// series joins conditions from the left, as chain does.
	series struct {
		first cond
		rest  []joined
	}
	joined struct {
		and bool
		c   cond
	}
)

type rel uint8

const (
	eq rel = iota
	gt
	ge
)

func join(and bool, cs []cond) cond {
	if len(cs) == 1 {
		return cs[0]
	}
	s := &series{first: cs[0]}
	for _, c := range cs[1:] {
		s.rest = append(s.rest, joined{and, c})
	}
	return s
}

// allOf and anyOf ask in the order given; a load that fails rejects the packet, so
// the order is a part of the meaning.
func allOf(cs ...cond) cond { return join(true, cs) }
func anyOf(cs ...cond) cond { return join(false, cs) }

func not(c cond) cond { return &inverse{c} }

// variables lists the variables that a condition is made of, each behind those
// that it is made of itself.
func variables(c cond) (vars []*expr) {
	visited := map[*expr]bool{nil: true}
	var number func(*expr)
	number = func(e *expr) {
		if visited[e] {
			return
		}
		visited[e] = true
		number(e.a)
		number(e.b)
		if e.op == opVar {
			vars = append(vars, e)
		}
	}
	var condition func(cond)
	condition = func(c cond) {
		switch c := c.(type) {
		case *inverse:
			condition(c.c)
		case *series:
			condition(c.first)
			for _, j := range c.rest {
				condition(j.c)
			}
		case *compare:
			number(c.l)
			number(c.r)
		}
	}
	condition(c)
	return vars
}
