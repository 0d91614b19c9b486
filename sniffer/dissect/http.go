package dissect

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"strings"
)

// maxHead bounds an HTTP head, in bytes.
const maxHead = 64 << 10

// Head is the head of an HTTP/1.1 request or response, as it was on the wire.
type Head struct {
	// Line is the request or status line, without its line break.
	Line   string
	Fields []Field
	Size   int // in bytes, the empty line included
	// AcceptOK tells, for a 101 response whose request was captured, whether
	// Sec-WebSocket-Accept is what the request's key asks for.
	AcceptOK bool
}

// Field is a header field, its name spelled as on the wire.
type Field struct{ Name, Value string }

// Get gives the value of the first field of that name, in any spelling.
func (h *Head) Get(name string) string {
	for _, f := range h.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Status gives a response's status code, or 0.
func (h *Head) Status() int {
	_, rest, ok := strings.Cut(h.Line, " ")
	if !ok || !strings.HasPrefix(h.Line, "HTTP/") {
		return 0
	}
	code, _, _ := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(code)
	return n
}

// Upgrades tells whether the head asks for WebSocket or grants it (RFC 6455
// §4.1, §4.2.2).
func (h *Head) Upgrades() bool {
	return strings.EqualFold(h.Get("Upgrade"), "websocket")
}

// Accept computes the Sec-WebSocket-Accept that answers key (RFC 6455 §4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// startsHTTP tells whether b begins, or with more bytes might begin, like an
// HTTP/1 message.
func startsHTTP(b []byte) (request, response bool) {
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
	return request, string(b[:n]) == version[:n]
}

// startsHead tells whether b begins, or with more bytes might begin, like an
// HTTP/1 message that side sends.
func startsHead(b []byte, side Side) bool {
	request, response := startsHTTP(b)
	return side == Client && request || side == Server && response
}

// parseHead reads the head at the start of b, or returns nil if its end is not
// there yet. A line without a colon becomes a field without a value.
func parseHead(b []byte) *Head {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return nil
	}
	lines := strings.Split(string(b[:end]), "\r\n")
	h := &Head{Line: lines[0], Size: end + 4}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		h.Fields = append(h.Fields, Field{name, strings.TrimSpace(value)})
	}
	return h
}
