package dialect

import "unicode/utf8"

const hexDigits = "0123456789abcdef"

// AppendJSON appends s as PHP's json_encode writes a string, quotes included:
// \u and four lower-case hex digits for all that is not ASCII (two surrogates
// above U+FFFF) and for control characters without a short form, \/ for a
// slash, U+007F as it is.
//
// For what is not UTF-8 json_encode fails, and the original then sends an empty
// message. Here it is written as with PHP's JSON_INVALID_UTF8_SUBSTITUTE, \ufffd
// for each broken sequence, so that the rest is still read.
func AppendJSON[S []byte | string](b []byte, s S) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			b = append(b, s[start:i]...)
			r, n := decodeRune(s[i:])
			b = appendRune(b, r)
			i += n
			start = i
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' && c != '/' {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\', '/':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = appendUnit(b, uint16(c))
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendRune(b []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		b = appendUnit(b, uint16(0xd800+r>>10))
		return appendUnit(b, uint16(0xdc00+r&0x3ff))
	}
	return appendUnit(b, uint16(r))
}

func appendUnit(b []byte, u uint16) []byte {
	return append(b, '\\', 'u',
		hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}
