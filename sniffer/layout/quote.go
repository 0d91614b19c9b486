// Package layout makes text fit to be shown on a terminal.
package layout

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Quote gives at most limit characters of s, made fit to be shown; see
// AppendQuote.
func Quote(s string, limit int) string { return string(AppendQuote(nil, s, limit)) }

// QuoteAll quotes each of a list, as many as there is room for in limit characters
// with a sign between them, and ends a longer list in "…".
func QuoteAll(all []string, limit int) []string {
	var quoted []string
	for _, s := range all {
		if limit <= 0 {
			return append(quoted, "…")
		}
		q := Quote(s, limit)
		quoted, limit = append(quoted, q), limit-utf8.RuneCountInString(q)-1
	}
	return quoted
}

// AppendQuote appends s to b. Control characters, which could drive a terminal,
// and characters that reverse or hide others become \u{…}, a line feed \n; bytes
// that are no UTF-8 become \x…. After limit characters it ends in "…".
func AppendQuote[T string | []byte](b []byte, s T, limit int) []byte {
	for i, n := 0, 0; i < len(s); n++ {
		run := i
		for run < len(s) && n < limit && s[run] >= ' ' && s[run] < 0x7f {
			run, n = run+1, n+1
		}
		b = append(b, s[i:run]...)
		if i = run; i == len(s) {
			break
		}
		if n == limit {
			return append(b, "…"...)
		}
		r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, `\x`...)
			b = append(b, "0123456789abcdef"[s[i]>>4], "0123456789abcdef"[s[i]&15])
		case r == '\n':
			b = append(b, `\n`...)
		case hidden(r):
			b = append(b, `\u{`...)
			b = strconv.AppendUint(b, uint64(r), 16)
			b = append(b, '}')
		default:
			b = utf8.AppendRune(b, r)
		}
		i += size
	}
	return b
}

// hidden tells whether r drives a terminal or hides other text: controls,
// format characters but the joiner that emoji need, line separators.
func hidden(r rune) bool {
	const joiner = 0x200d
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != joiner || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}
