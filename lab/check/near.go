package check

import (
	"unicode/utf8"

	"chatlab/sniffer/spelling"
)

// near tells whether got is want with a slip or two: a letter too many, too few,
// another one or two swapped in each four of want. It tells a student's own
// attempt from another student's.
func near(want, got string) bool {
	want, got = looseText(want), looseText(got)
	n := utf8.RuneCountInString(want)
	if n == 0 || max(n, utf8.RuneCountInString(got)) > maxQuoted {
		return false
	}
	return spelling.Distance(want, got) <= n/4
}
