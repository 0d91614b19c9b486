// Package spelling tells how far one word is from another.
package spelling

// Distance counts the characters to change, add, leave out or swap with the next
// to make b of a (optimal string alignment: none is touched twice).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	// Three rows of the table of distances between beginnings: of y to the
	// beginning of x, and to those shorter by one and by two.
	row, before, second := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		second, before, row = before, row, second
		row[0] = i + 1
		for j := range y {
			change := before[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, before[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], second[j-1]+1)
			}
		}
	}
	return row[len(y)]
}
