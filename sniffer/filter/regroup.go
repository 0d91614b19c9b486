package filter

// regroup puts tests of the same number next to each other where a row of tests
// leads to one place as soon as one holds (or fails): host a or host b asks for
// both sources, then for both destinations, and loads each but once (libpcap's
// or_pullup and and_pullup). A number that is moved forward was loaded already,
// so this can only matter to packets that are cut off.
func (g *graph) regroup(root *block) {
	blocks := g.order(root)
	ways := map[*block]int{root: 1}
	for _, b := range blocks {
		ways[b.yes]++
		ways[b.no]++
	}
	for _, along := range []bool{false, true} {
		ends := func(b *block) (next, out *block) {
			if along {
				return b.yes, b.no
			}
			return b.no, b.yes
		}
		inside := map[*block]bool{}
		for _, b := range blocks {
			if inside[b] {
				continue
			}
			row := []*block{b}
			next, out := ends(b)
			for next.cmp != nil && ways[next] == 1 {
				n, o := ends(next)
				if o != out {
					break
				}
				row = append(row, next)
				inside[next] = true
				next = n
			}
			arrange(row)
		}
	}
}

// arrange gives the tests of a row to its blocks anew, by number in the order in
// which the numbers first come.
func arrange(row []*block) {
	var order []*expr
	groups := map[*expr][]*compare{}
	for _, b := range row {
		l := b.cmp.l
		if groups[l] == nil {
			order = append(order, l)
		}
		groups[l] = append(groups[l], b.cmp)
	}
	i := 0
	for _, l := range order {
		for _, c := range groups[l] {
			row[i].cmp = c
			i++
		}
	}
}
