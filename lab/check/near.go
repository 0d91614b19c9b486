package check

// near tells whether got is want with a slip or two: a letter too many, too few
// or another one in each four of want. It tells a student's own attempt from
// another student's.
func near(want, got string) bool {
	a, b := []rune(looseText(want)), []rune(looseText(got))
	if len(a) > maxQuoted || len(b) > maxQuoted {
		return false
	}
	slips := len(a) / 4
	if len(a) == 0 || len(b) < len(a)-slips || len(b) > len(a)+slips {
		return false
	}
	// Levenshtein's distance, line by line.
	line := make([]int, len(b)+1)
	for j := range line {
		line[j] = j
	}
	for i, x := range a {
		diagonal := line[0]
		line[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = line[j+1]
			line[j+1] = min(cost, line[j]+1, line[j+1]+1)
		}
	}
	return line[len(b)] <= slips
}
