package steps

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chatlab/lab/check/texts"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/spelling"
)

// isName tells whether wire is want as a server writes it: passed through
// htmlspecialchars not at all, once or, as the PHP original does in its login
// event, twice.
func isName(want, wire string) bool {
	once := chat.Unescape(wire)
	return wire == want || once == want || chat.Unescape(once) == want
}

// sameContent tells whether wire is want as a server writes it: passed through
// htmlspecialchars and nl2br.
func sameContent(want, wire string) bool {
	return SameMessage(want, chat.Unescape(wire)) || SameMessage(want, wire)
}

// SameMessage tells whether got is want, any run of blanks being as good as
// another.
func SameMessage(want, got string) bool { return want == got || blanks(want) == blanks(got) }

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// Alike tells whether a and b differ only in what a reader overlooks: case,
// blanks, and that an input method wrote letters or signs in their wide form.
func Alike(a, b string) bool { return loose(a) == loose(b) }

func loose(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= 0xFF01 && r <= 0xFF5E: // fullwidth ASCII
			r -= 0xFF01 - '!'
		}
		return unicode.ToLower(r)
	}, s)
}

// misspelt tells whether got is want with a slip or two: a letter too many, too
// few, another one or two swapped in each four of want.
func misspelt(want, got string) bool {
	want, got = loose(want), loose(got)
	n := utf8.RuneCountInString(want)
	if n == 0 || max(n, utf8.RuneCountInString(got)) > texts.MaxQuoted {
		return false
	}
	return spelling.Distance(want, got) <= n/4
}

// Says tells whether a message, as a server writes it, is what a task asks for.
func Says(task, wire string) bool { return sameContent(task, wire) }
