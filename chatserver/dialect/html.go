package dialect

// AppendHTML appends s as PHP's htmlspecialchars writes it with quotes of both
// kinds escaped (ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML401, PHP's default since
// 8.1): &amp; &lt; &gt; &quot; &#039;. What is not UTF-8 becomes U+FFFD; the
// PHP of 2014 made an empty text of the whole.
func AppendHTML(b []byte, s string) []byte {
	return appendHTML(b, s, false)
}

// AppendContent appends s as PHP's nl2br(htmlspecialchars(s)) writes it: as
// AppendHTML, with <br /> before each line break, which stays. A line break is
// LF, CR, CR LF or LF CR.
func AppendContent(b []byte, s string) []byte {
	return appendHTML(b, s, true)
}

func appendHTML(b []byte, s string, breaks bool) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		var esc string
		n := 1
		switch {
		case c == '&':
			esc = "&amp;"
		case c == '<':
			esc = "&lt;"
		case c == '>':
			esc = "&gt;"
		case c == '"':
			esc = "&quot;"
		case c == '\'':
			esc = "&#039;"
		case breaks && (c == '\n' || c == '\r'):
			b = append(b, s[start:i]...)
			b = append(b, "<br />"...)
			start = i
			if i+1 < len(s) && s[i]+s[i+1] == '\n'+'\r' {
				n = 2
			}
			i += n
			continue
		case c >= 0x80:
			var r rune
			if r, n = decodeRune(s[i:]); r != 0xfffd || n == 3 && s[i:i+3] == "\ufffd" {
				i += n
				continue
			}
			esc = "\ufffd"
		default:
			i++
			continue
		}
		b = append(b, s[start:i]...)
		b = append(b, esc...)
		i += n
		start = i
	}
	return append(b, s[start:]...)
}
