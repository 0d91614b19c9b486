package filter

import (
	"net/netip"
	"strconv"
	"strings"
)

type kind uint8

const (
	end    kind = iota
	number      // 80, 0x50, 0120, tcp-syn
	name        // a host, a service, a range 80-90, \tcp
	addr4       // 10.1, 10.0.0.1
	addr6       // ::1
	mac         // 02:00:5e:10:00:01
	word        // a reserved word or punctuation: canon says which
)

type token struct {
	kind  kind
	off   int    // bytes from the expression's start
	text  string // as written
	canon string // of a word: what it stands for; of a name: without the backslash
	num   uint32
}

// is reports whether t is one of those words or marks.
func (t token) is(words ...string) bool {
	if t.kind != word {
		return false
	}
	for _, w := range words {
		if t.canon == w {
			return true
		}
	}
	return false
}

// scan cuts the expression into words with the rule of libpcap's scanner.l:
// the longest match wins, and of two equally long ones the more special.
func scan(expr string) []token {
	var toks []token
	for i := 0; i < len(expr); {
		if strings.IndexByte(" \r\n\t", expr[i]) >= 0 {
			i++
			continue
		}
		t := next(expr[i:], i)
		toks = append(toks, t)
		i += len(t.text)
	}
	return append(toks, token{kind: end, off: len(expr)})
}

func next(s string, off int) token {
	best, k := 0, end
	for _, m := range []struct {
		n int
		k kind
	}{{lenMAC(s), mac}, {lenNumber(s), number}, {lenQuad(s), addr4}, {lenIPv6(s), addr6}, {lenName(s), name}} {
		if m.n > best {
			best, k = m.n, m.k
		}
	}
	if n := lenBogusMAC(s); n > best {
		fail(off, s[:n], "ether.bogus")
	}
	t := token{kind: k, off: off, text: s[:best], canon: s[:best]}
	switch k {
	case number:
		t.num = parseNumber(t)
	case addr6:
		if _, err := netip.ParseAddr(t.text); err != nil {
			failAt(t, "address.6")
		}
	case name:
		if c, ok := keywords[t.text]; ok {
			t.kind, t.canon = word, c
		} else if v, ok := named[t.text]; ok {
			t.kind, t.num = number, v
		}
	case end:
		return mark(s, off)
	}
	return t
}

var marks = map[string]string{"&&": "and", "||": "or", "!": "not", "==": "=", "(": "(", ")": ")",
	">=": ">=", "<=": "<=", "!=": "!=", "<<": "<<", ">>": ">>", "=": "=", "<": "<", ">": ">",
	"+": "+", "-": "-", "*": "*", "/": "/", "%": "%", ":": ":", "[": "[", "]": "]", "&": "&", "|": "|", "^": "^"}

func mark(s string, off int) token {
	for n := min(2, len(s)); n > 0; n-- {
		if c, ok := marks[s[:n]]; ok {
			return token{kind: word, off: off, text: s[:n], canon: c}
		}
	}
	if s[0] == '\\' { // a name that would be a reserved word: ip proto \tcp
		n := 1
		for n < len(s) && strings.IndexByte(" !()\n\t", s[n]) < 0 {
			n++
		}
		if n > 1 {
			return token{kind: name, off: off, text: s[:n], canon: s[1:n]}
		}
	}
	r := []rune(s[:min(len(s), 4)])[0]
	fail(off, string(r), "meaningless")
	panic("unreachable")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func run(s string, most int, is func(byte) bool) int {
	n := 0
	for n < len(s) && n < most && is(s[n]) {
		n++
	}
	return n
}

func lenName(s string) int {
	if len(s) == 0 || !isAlnum(s[0]) {
		return 0
	}
	n := run(s, len(s), func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' || c == '.' })
	for s[n-1] == '-' || s[n-1] == '_' {
		n--
	}
	return n
}

func lenNumber(s string) int {
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && isHex(s[2]) {
		return 2 + run(s[2:], len(s), isHex)
	}
	return run(s, len(s), isDigit)
}

// lenQuad matches two to four numbers with dots between them.
func lenQuad(s string) int {
	n := lenNumber(s)
	for parts := 1; n > 0; parts++ {
		more := 0
		if n < len(s) && s[n] == '.' && parts < 4 {
			more = lenNumber(s[n+1:])
		}
		if more == 0 {
			if parts == 1 {
				return 0
			}
			return n
		}
		n += 1 + more
	}
	return 0
}

// lenMAC matches aa:bb:cc:dd:ee:ff, the same with - or ., aabb.ccdd.eeff and
// aabbccddeeff.
func lenMAC(s string) int {
	best := 0
	for _, f := range []struct {
		parts, least, most int
		sep                string
	}{{6, 1, 2, ":"}, {6, 1, 2, "-"}, {6, 1, 2, "."}, {3, 4, 4, "."}, {3, 4, 4, ""}} {
		n, ok := 0, true
		for p := 0; p < f.parts && ok; p++ {
			if p > 0 {
				ok = strings.HasPrefix(s[n:], f.sep)
				n += len(f.sep)
			}
			if ok {
				d := run(s[n:], f.most, isHex)
				n += d
				ok = d >= f.least
			}
		}
		if ok {
			best = max(best, n)
		}
	}
	return best
}

// lenBogusMAC matches two or more hexadecimal pairs that each end in colons: no
// other word does.
func lenBogusMAC(s string) int {
	total := 0
	for parts := 0; ; parts++ {
		c, d := 0, run(s[total:], 2, isHex)
		if d > 0 {
			c = run(s[total+d:], len(s), func(c byte) bool { return c == ':' })
		}
		if c == 0 {
			if parts < 2 {
				return 0
			}
			return total
		}
		total += d + c
	}
}

func lenIPv6(s string) int {
	colons := 0
	n := run(s, 64, func(c byte) bool {
		if c == ':' {
			colons++
		}
		return colons <= 8 && (isHex(c) || c == ':' || c == '.' || c|0x20 == 'x')
	})
	if three := strings.Index(s[:n], ":::"); three >= 0 {
		n = three + 2
	}
	for ; n > 1; n-- {
		if isIPv6(s[:n]) {
			return n
		}
	}
	return 0
}

func isIPv6(s string) bool {
	last := strings.LastIndexByte(s, ':')
	if last < 0 {
		return false
	}
	all := 8
	if tail := s[last+1:]; strings.Contains(tail, ".") {
		if lenQuad(tail) != len(tail) || strings.Count(tail, ".") != 3 {
			return false
		}
		all = 6
		if s = s[:last+1]; !strings.HasSuffix(s, "::") {
			s = s[:last]
		}
	}
	before, after, short := strings.Cut(s, "::")
	if !short {
		return groups(s) == all
	}
	h, t := groups(before), groups(after)
	return h >= 0 && t >= 0 && h+t < all
}

// groups counts the 16-bit groups in s, -1 if one is none.
func groups(s string) int {
	if s == "" {
		return 0
	}
	parts := strings.Split(s, ":")
	for _, p := range parts {
		if len(p) == 0 || len(p) > 4 || run(p, 4, isHex) != len(p) {
			return -1
		}
	}
	return len(parts)
}

func parseNumber(t token) uint32 {
	base, digits := 10, t.text
	switch {
	case len(digits) > 2 && digits[1]|0x20 == 'x':
		base, digits = 16, digits[2:]
	case len(digits) > 1 && digits[0] == '0':
		base, digits = 8, digits[1:]
		if strings.ContainsAny(digits, "89") {
			failAt(t, "octal")
		}
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		failAt(t, "large.number")
	}
	return uint32(v)
}
