package filter

// fact is the outcome of a test, in a list of all that is known at some point.
// Lists share their ends: a block knows what its last common ancestor knew.
type fact struct {
	before *fact
	depth  int
	b      *block
	yes    bool
}

// optimize leads every way past the tests whose outcome is already known on it
// (libpcap's opt_j), then makes one of the blocks that became equal. Two or
// three rounds do all there is in practice.
func (g *graph) optimize(root *block) *block {
	for round := range 10 {
		next, changed := g.thread(root)
		next = g.merge(next)
		if next == root && !changed && round > 1 {
			break
		}
		root = next
		if root.cmp != nil {
			g.regroup(root)
		}
	}
	return root
}

func (g *graph) thread(root *block) (_ *block, changed bool) {
	blocks := g.order(root)
	far := howFar(len(blocks))
	for _, b := range blocks {
		b.fact, b.reached = nil, false
	}
	root.reached = true
	for _, b := range blocks {
		if !b.reached {
			continue
		}
		for _, yes := range []bool{true, false} {
			f := &fact{before: b.fact, b: b, yes: yes}
			if b.fact != nil {
				f.depth = b.fact.depth + 1
			}
			way := &b.no
			if yes {
				way = &b.yes
			}
			to := follow(*way, f, far)
			if to != *way {
				*way, changed = to, true
			}
			if to.cmp == nil {
				continue
			}
			if to.reached {
				to.fact = common(to.fact, f)
			} else {
				to.fact, to.reached = f, true
			}
		}
	}
	return root, changed
}

func follow(b *block, f *fact, far int) *block {
	for b.cmp != nil {
		yes, known := f.decides(b.cmp, far)
		switch {
		case known && yes:
			b = b.yes
		case known:
			b = b.no
		case b.yes == b.no && f.covers(b.cmp, far):
			b = b.yes
		default:
			return b
		}
	}
	return b
}

// howFar bounds how far back decides looks in a program of n blocks: expressions
// of a size that nobody types would otherwise take quadratic time.
func howFar(n int) int { return 1 << 25 / max(n, 1) }

func (f *fact) decides(c *compare, far int) (yes, known bool) {
	for n := 0; f != nil && n < far; f, n = f.before, n+1 {
		o := f.b.cmp
		switch {
		case o == c:
			return f.yes, true
		case o.l == c.l && o.rel == eq && c.rel == eq && f.yes && o.r.op == opConst && c.r.op == opConst:
			return false, true // it is equal to another number
		}
	}
	return false, false
}

// covers reports whether a test of the same two numbers was made, whose loads
// this one would only repeat.
func (f *fact) covers(c *compare, far int) bool {
	for n := 0; f != nil && n < far; f, n = f.before, n+1 {
		if o := f.b.cmp; o.l == c.l && (o.r == c.r || !c.r.fails) {
			return true
		}
	}
	return false
}

func common(a, b *fact) *fact {
	for a != b {
		if a == nil || b == nil {
			return nil
		}
		if a.depth >= b.depth {
			a = a.before
		} else {
			b = b.before
		}
	}
	return a
}

// merge rebuilds the graph from its end, each block once.
func (g *graph) merge(root *block) *block {
	g.known = map[blockKey]*block{}
	now := map[*block]*block{g.accept: g.accept, g.reject: g.reject}
	blocks := g.order(root)
	for i := len(blocks) - 1; i >= 0; i-- {
		b := blocks[i]
		k := blockKey{b.cmp, now[b.yes], now[b.no]}
		switch old, ok := g.known[k]; {
		case k.yes == k.no && k.yes == g.reject:
			now[b] = k.yes
		case ok:
			now[b] = old
		default:
			b.yes, b.no = k.yes, k.no
			g.known[k] = b
			now[b] = b
		}
	}
	return now[root]
}
