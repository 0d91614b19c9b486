package class

// sets are sets of captures without one in common: of each its set's first one, or one
// on the way there.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// top gives the first capture of i's set.
func (s sets) top(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(who []int) {
	for _, i := range who[1:] {
		a, b := s.top(who[0]), s.top(i)
		s[max(a, b)] = min(a, b)
	}
}

// list gives the captures of each set, by its first one.
func (s sets) list() map[int][]int {
	all := map[int][]int{}
	for i := range s {
		all[s.top(i)] = append(all[s.top(i)], i)
	}
	return all
}
