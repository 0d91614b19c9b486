package compare

// align gives for each documented packet the index of its captured counterpart,
// or -1: a longest common subsequence of packets that agree in direction,
// flags, numbers and length, and in the gaps what stands in the same place.
func align(documented, captured []Packet) []int {
	n, m := len(documented), len(captured)
	same := func(i, j int) bool {
		a, b := &documented[i], &captured[j]
		return a.From == b.From && a.To == b.To && a.Flags == b.Flags && a.Seq == b.Seq && a.Ack == b.Ack && a.Length == b.Length
	}
	longest := make([][]int, n+1)
	for i := range longest {
		longest[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(i, j) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	partner := make([]int, n)
	for i := range partner {
		partner[i] = -1
	}
	gapI, gapJ := 0, 0
	closeGap := func(i, j int) {
		for gapI < i && gapJ < j {
			partner[gapI] = gapJ
			gapI, gapJ = gapI+1, gapJ+1
		}
		gapI, gapJ = i+1, j+1
	}
	i, j := 0, 0
	for i < n && j < m {
		switch {
		case same(i, j):
			closeGap(i, j)
			partner[i] = j
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	closeGap(n, m)
	return partner
}
