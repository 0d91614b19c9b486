package check

import (
	"strings"
	"unicode"

	"chatlab/sniffer/chat"
)

// sameName tells whether wire is want as a server writes it: passed through
// htmlspecialchars not at all, once or, as the PHP original does in its login
// event, twice.
func sameName(want, wire string) (ok, twice bool) {
	once := chat.Unescape(wire)
	switch {
	case wire == want, once == want:
		return true, false
	}
	return chat.Unescape(once) == want, true
}

// sameContent tells whether wire is want as a server writes it: passed through
// htmlspecialchars and nl2br.
func sameContent(want, wire string) bool {
	plain := chat.Unescape(wire)
	return sameMessage(want, plain) || sameMessage(want, wire)
}

// sameMessage tells whether got is want, any run of blanks being as good as
// another.
func sameMessage(want, got string) bool { return want == got || blanks(want) == blanks(got) }

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// looseText is s without what a reader overlooks: case, blanks, and that an
// input method wrote letters or signs in their wide form.
func looseText(s string) string {
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
