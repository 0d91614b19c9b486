package layout

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Width is how many columns of a terminal s takes: a wide character two, what
// combines none (UAX #11, UAX #29).
func Width(s string) int { return uniseg.StringWidth(s) }

// Pad puts blanks behind s up to columns columns.
func Pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-Width(s)))
}

// Align makes lines of rows, column below column with two blanks between.
func Align(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(s))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		for j, s := range row {
			lines[i] += Pad(s, widths[j]+2)
		}
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}
