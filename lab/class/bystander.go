package class

// A student who captured on a machine that others worked on, and did nothing
// right, has the others' conversations and none of their own. That is no copy of
// what one of them handed in, unless one of them has all of its packets.

// crowd gives, for a capture in which several others' work is and not the
// student's own, whose it is a copy of: those whose captures have all of its
// packets and, for the machine's neighbours have captured them too, the fewest
// others. owners are the grades by the Sec-WebSocket-Key of those who did their
// own task. ok is false for other captures.
func (g *Grading) crowd(i int, owners map[string]int) (sources []int, ok bool) {
	grade := &g.Grades[i]
	if grade.own() {
		return nil, false
	}
	others := map[int]bool{}
	for _, key := range grade.fingerprint.keys {
		if owner, ok := owners[key]; ok && owner != i {
			others[owner] = true
		}
	}
	if len(others) < 2 {
		return nil, false
	}
	fewest := 0
	for j := range others {
		f := &g.Grades[j].fingerprint
		if n := len(f.packets); sources != nil && n > fewest || !grade.fingerprint.within(f) {
			continue
		} else if n != fewest {
			sources, fewest = nil, n
		}
		sources = append(sources, j)
	}
	return sources, true
}

// owners gives the grades by the keys of who did their own task.
func (g *Grading) owners() map[string]int {
	owners := map[string]int{}
	for i := range g.Grades {
		if grade := &g.Grades[i]; grade.own() {
			if key := grade.fingerprint.keys[grade.Report.Client]; key != "" {
				owners[key] = i
			}
		}
	}
	return owners
}

// within tells whether all packets of f, but for one in a hundred, are packets
// of other: whatever their times and ports are now.
func (f *fingerprint) within(other *fingerprint) bool {
	has := make(map[trait]bool, len(other.packets))
	for _, p := range other.packets {
		has[p.trait] = true
	}
	alien := 0
	for _, p := range f.packets {
		if !has[p.trait] {
			alien++
		}
	}
	return alien*100 <= len(f.packets)
}
