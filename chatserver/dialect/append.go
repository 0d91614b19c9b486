package dialect

import "time"

// appendName appends a name, escaped once for HTML and then for JSON.
func appendName(b []byte, name string) []byte {
	if plain(name) {
		b = append(b, '"')
		b = append(b, name...)
		return append(b, '"')
	}
	var tmp [256]byte
	return AppendJSON(b, AppendHTML(tmp[:0], name))
}

// appendContent appends the content of a message. before+name+after is the prefix
// of today's private messages, of which only the name is escaped for HTML.
func appendContent(b []byte, before, name, after, content string) []byte {
	if before == "" && plain(content) {
		b = append(b, '"')
		b = append(b, content...)
		return append(b, '"')
	}
	var tmp [512]byte
	html := append(tmp[:0], before...)
	html = AppendHTML(html, name)
	html = append(html, after...)
	return AppendJSON(b, AppendContent(html, content))
}

// plain reports whether no escape changes s.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if plainByte[s[i]] == 0 {
			return false
		}
	}
	return true
}

var plainByte = func() (t [256]byte) {
	for c := ' '; c < 0x80; c++ {
		t[c] = 1
	}
	for _, c := range `"\/&<>'` {
		t[c] = 0
	}
	return t
}()

// appendTime appends the last member of a message, which is its time in its own zone,
// and ends the object.
func appendTime(b []byte, at time.Time, layout string) []byte {
	b = append(b, `,"time":"`...)
	b = at.AppendFormat(b, layout)
	return append(b, `"}`...)
}
