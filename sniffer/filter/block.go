package filter

import "golang.org/x/net/bpf"

// block is one test and where to go on. It is a terminal if cmp is nil.
type block struct {
	cmp      *compare
	yes, no  *block
	fact     *fact // known on every way here
	reached  bool
	in       registers            // what they hold on every way here
	code     []bpf.RawInstruction // see emit
	swap     bool                 // its jump goes to no where it holds
	position int                  // from the end, see place
	ways     int
}

// graph is a program as tests that follow one another; no way comes back.
type graph struct {
	accept, reject *block
	known          map[blockKey]*block
	compares       map[compare]*compare
}

type blockKey struct {
	cmp     *compare
	yes, no *block
}

func newGraph() *graph {
	return &graph{accept: &block{}, reject: &block{}, known: map[blockKey]*block{}, compares: map[compare]*compare{}}
}

// build gives the block to begin at for a condition that goes on to yes or no.
// Short-circuit: what need not be asked is not.
func (g *graph) build(c cond, yes, no *block) *block {
	switch c := c.(type) {
	case constant:
		if c {
			return yes
		}
		return no
	case *inverse:
		return g.build(c.c, no, yes)
	case *series:
		for i := len(c.rest) - 1; i >= 0; i-- {
			this := g.build(c.rest[i].c, yes, no)
			if c.rest[i].and {
				yes = this
			} else {
				no = this
			}
		}
		return g.build(c.first, yes, no)
	}
	return g.test(c.(*compare), yes, no)
}

func (g *graph) test(c *compare, yes, no *block) *block {
	if c.l.bad || c.r.bad {
		return g.reject // as a load behind the packet's end
	}
	if c.l.op == opConst && c.r.op == opConst {
		if holds(c.rel, c.l.k, c.r.k) {
			return yes
		}
		return no
	}
	if c.rel == eq && c.l.op == opConst {
		c = &compare{eq, c.r, c.l}
	}
	if old, ok := g.compares[*c]; ok {
		c = old
	} else {
		g.compares[*c] = c
	}
	return g.block(c, yes, no)
}

// block gives one block for equal tests with equal ends. A test that leads to
// one end either way is still made if its loads can reject the packet.
func (g *graph) block(c *compare, yes, no *block) *block {
	if yes == no && (yes == g.reject || !c.l.fails && !c.r.fails) {
		return yes
	}
	k := blockKey{c, yes, no}
	b, ok := g.known[k]
	if !ok {
		b = &block{cmp: c, yes: yes, no: no}
		g.known[k] = b
		if len(g.known) > mostBlocks {
			fail(0, "", "limit.tests", "n", mostBlocks)
		}
	}
	return b
}

func holds(r rel, a, b uint32) bool {
	switch r {
	case eq:
		return a == b
	case gt:
		return a > b
	}
	return a >= b
}

// order lists the blocks so that every one stands before those it goes to, the
// yes side first where there is a choice. Terminals are not in it.
func (g *graph) order(root *block) []*block {
	var out []*block
	listed := map[*block]bool{g.accept: true, g.reject: true}
	type step struct {
		b    *block
		done int
	}
	var stack []step
	push := func(b *block) {
		if !listed[b] {
			listed[b] = true
			stack = append(stack, step{b: b})
		}
	}
	push(root)
	for len(stack) > 0 {
		s := &stack[len(stack)-1]
		s.done++
		switch s.done {
		case 1:
			push(s.b.no)
		case 2:
			push(s.b.yes)
		default:
			out = append(out, s.b)
			stack = stack[:len(stack)-1]
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
