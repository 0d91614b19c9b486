package dialect

import "unicode/utf8"

// decodeRune returns the first character of s, which is not empty, and its length in
// bytes. For what is not UTF-8 it returns U+FFFD and the length of the invalid
// sequence as PHP's htmlspecialchars counts it (get_next_char in its
// ext/standard/html.c).
func decodeRune[S []byte | string](s S) (rune, int) {
	var tmp [utf8.UTFMax]byte
	n := copy(tmp[:], s)
	r, size := utf8.DecodeRune(tmp[:n])
	if r != utf8.RuneError || size == 3 {
		return r, size
	}
	return utf8.RuneError, invalidLen(tmp[:n])
}

// invalidLen returns how many bytes of s, which begins with an invalid sequence,
// count as one error: as many as the first announces, but none that can begin a
// character.
func invalidLen(s []byte) int {
	want := 1
	switch c := s[0]; {
	case c < 0xc2 || c > 0xf4:
	case c < 0xe0:
		want = 2
	case c < 0xf0:
		want = 3
	default:
		want = 4
	}
	for n := 1; n < want; n++ {
		if n >= len(s) || startsRune(s[n]) {
			return n
		}
	}
	return want
}

func startsRune(c byte) bool { return c < 0x80 || c >= 0xc2 && c <= 0xf4 }
