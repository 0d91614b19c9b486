package dissect

import (
	"bytes"
	"strings"
)

// startsHTTP tells whether b begins, or with more bytes might begin, like an
// HTTP/1 message.
func startsHTTP(b []byte) (request, response bool) {
	b = withoutEmptyLines(b)
	if len(b) == 0 {
		return false, false
	}
	for _, method := range []string{"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT "} {
		if n := min(len(b), len(method)); string(b[:n]) == method[:n] {
			request = true // and an H alone may become either
		}
	}
	const version = "HTTP/1."
	n := min(len(b), len(version))
	return request || isRequestLine(b) && !bytes.HasPrefix(b, []byte("PRI ")), string(b[:n]) == version[:n]
}

// maxTarget bounds the request line of a method that few use, in bytes.
const maxTarget = 4 << 10

// isRequestLine tells whether b begins with a request line (RFC 9112 §3), whatever
// the method is, or with more bytes might.
func isRequestLine(b []byte) bool {
	method := 0
	for method < len(b) && isToken(b[method]) {
		method++
	}
	if method == 0 || method == len(b) || b[method] != ' ' {
		return false
	}
	b = b[method:min(len(b), method+maxTarget)]
	line, _, whole := bytes.Cut(b, []byte("\n"))
	version := bytes.LastIndexByte(line, ' ')
	if !whole {
		return len(b) < maxTarget && bytes.HasPrefix(line, []byte(" /"))
	}
	return version > 0 && bytes.HasPrefix(line[version:], []byte(" HTTP/"))
}

// isToken tells whether a method or a field's name may have a byte (RFC 9110
// §5.6.2).
func isToken(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// withoutEmptyLines leaves out the line breaks before a head (RFC 9112 §2.2), if they
// are few.
func withoutEmptyLines(b []byte) []byte {
	for n := 0; n < 4 && len(b) > 0 && (b[0] == '\n' || b[0] == '\r' && (len(b) == 1 || b[1] == '\n')); n++ {
		b = b[1:]
	}
	return b
}

// startsHead tells whether b begins, or with more bytes might begin, like an
// HTTP/1 message that side sends.
func startsHead(b []byte, side Side) bool {
	request, response := startsHTTP(b)
	return side == Client && request || side == Server && response
}

// parseHead reads the head at the start of b, or returns nil if its end is not
// there yet. That it is not in the first held bytes is known. A line may end with a
// line feed alone (RFC 9112 §2.2). A line without a colon becomes a field without a
// value.
func parseHead(b []byte, held int) *Head {
	rest := withoutEmptyLines(b)
	size := headSize(rest, held-(len(b)-len(rest)))
	if size == 0 {
		return nil
	}
	h := &Head{Size: len(b) - len(rest) + size, Malformed: len(rest) < len(b)}
	for i, line := range strings.Split(strings.TrimRight(string(rest[:size]), "\r\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch folded := line != "" && (line[0] == ' ' || line[0] == '\t'); {
		case i == 0:
			h.Line = line
		case folded && len(h.Fields) > 0:
			f := &h.Fields[len(h.Fields)-1]
			f.Value = strings.TrimSpace(f.Value + " " + strings.TrimSpace(line))
		default:
			h.field(line)
		}
	}
	return h
}

// headSize gives the size of the head at the start of b with its empty line, or 0 if
// that is not there. It does not end in the first held bytes.
func headSize(b []byte, held int) int {
	for at := max(0, held-len("\n\r")); ; {
		n := bytes.IndexByte(b[at:], '\n')
		if n < 0 {
			return 0
		}
		at += n + 1
		switch {
		case bytes.HasPrefix(b[at:], []byte("\n")):
			return at + 1
		case bytes.HasPrefix(b[at:], []byte("\r\n")):
			return at + 2
		}
	}
}

// field adds a line.
func (h *Head) field(line string) {
	name, value, colon := strings.Cut(line, ":")
	for i := range len(name) {
		h.Malformed = h.Malformed || !isToken(name[i]) && (name[i] != ' ' || i == 0)
	}
	for i := range len(value) {
		h.Malformed = h.Malformed || value[i] < ' ' && value[i] != '\t' || value[i] == 0x7f
	}
	h.Malformed = h.Malformed || !colon || name == ""
	h.Fields = append(h.Fields, Field{name, strings.TrimSpace(value)})
}
