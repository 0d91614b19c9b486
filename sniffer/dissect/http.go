package dissect

import (
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
	// Malformed tells that the head is not as RFC 9112 demands. What can be read of it
	// is.
	Malformed bool
	// AcceptOK tells, for a 101 response whose request was captured, whether
	// Sec-WebSocket-Accept is what the request's key asks for.
	AcceptOK bool
}

// Field is a header field, its name spelled as on the wire. The lines of a folded
// value (RFC 9112 §5.2) are one.
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
	parts := strings.Fields(h.Line)
	if len(parts) < 2 || !strings.HasPrefix(parts[0], "HTTP/") {
		return 0
	}
	n, _ := strconv.Atoi(parts[1])
	return n
}

// HasToken tells whether a token is in the lists that the fields of a name have as
// their values, in any case (RFC 9110 §5.3, §5.6.1).
func (h *Head) HasToken(name, token string) bool {
	for _, f := range h.Fields {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		for t := range strings.SplitSeq(f.Value, ",") {
			if strings.EqualFold(strings.TrimSpace(t), token) {
				return true
			}
		}
	}
	return false
}

// Upgrades tells whether the head asks for WebSocket or grants it (RFC 6455
// §4.1, §4.2.2).
func (h *Head) Upgrades() bool { return h.HasToken("Upgrade", "websocket") }

// Asks tells whether a server may take a request for a handshake: there are some
// that look at nothing but the key.
func (h *Head) Asks() bool { return h.Upgrades() || h.Get("Sec-WebSocket-Key") != "" }

// Interim tells whether another response to the same request follows (RFC 9110
// §15.2).
func (h *Head) Interim() bool {
	status := h.Status()
	return status >= 100 && status < 200 && status != 101
}

// Accept computes the Sec-WebSocket-Accept that answers key (RFC 6455 §4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
