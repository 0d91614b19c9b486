package dissect

import (
	"encoding/base64"
	"strings"
)

// Reason is why an HTTP head does not lead to WebSocket.
type Reason uint8

// The reasons: those of a request, in the order in which they count, and those of a
// response.
const (
	NoReason     Reason = iota
	Malformed           // it is no HTTP/1 that a server must read (RFC 9112 §2.2, §5)
	NotHTTP11           // HTTP/1.0, or not of major version 1 (RFC 6455 §4.1)
	NoHost              // RFC 9112 §3.2
	PlainHTTP           // it asks for something else
	UpgradeTaken        // it has a Sec-WebSocket-Key, and no "Upgrade: websocket"
	NoConnection        // Connection does not name Upgrade
	NotGET              // RFC 6455 §4.1
	HasBody
	NotVersion13 // RFC 6455 §4.1, §4.4
	NoKey        // no Sec-WebSocket-Key
	BadKey       // it is not 16 bytes in Base64, or there are two

	OtherProtocol // a 101 that changes over to something else
	Forbidden     // 403: a server that does not take the page's Origin says so (RFC 6455 §4.2.2)
	OtherStatus   // neither 101 nor 403
)

var reasons = [...]string{
	NoReason: "", Malformed: "malformed", NotHTTP11: "not-http11", NoHost: "no-host", PlainHTTP: "plain-http",
	UpgradeTaken: "upgrade-taken", NoConnection: "no-connection", NotGET: "not-get", HasBody: "has-body",
	NotVersion13: "not-version-13", NoKey: "no-key", BadKey: "bad-key", OtherProtocol: "other-protocol", Forbidden: "forbidden", OtherStatus: "other-status",
}

// Reasons gives all reasons that there are.
func Reasons() []Reason {
	all := make([]Reason, len(reasons)-1)
	for i := range all {
		all[i] = Reason(i + 1)
	}
	return all
}

// String gives the reason's name: "no-key".
func (r Reason) String() string { return reasons[r] }

// NotUpgrade tells why a request is no WebSocket handshake (RFC 6455 §4.2.1), or a
// response grants none; NoReason where it is one, or does.
func (h *Head) NotUpgrade() Reason {
	if strings.HasPrefix(h.Line, "HTTP/") {
		return h.notGranted()
	}
	method, rest, _ := strings.Cut(h.Line, " ")
	target, version, ok := strings.Cut(rest, " ")
	keys := h.count("Sec-WebSocket-Key")
	switch {
	case !ok || h.Malformed || !isVersion(version) || h.count("Host") > 1 || !isTarget(method, target):
		return Malformed
	case version[:7] != "HTTP/1." || version == "HTTP/1.0":
		return NotHTTP11
	case h.Get("Host") == "" && !strings.Contains(target, "://"):
		return NoHost
	case !h.Upgrades() && keys > 0:
		return UpgradeTaken
	case !h.Upgrades():
		return PlainHTTP
	case !h.HasToken("Connection", "Upgrade"):
		return NoConnection
	case method != "GET":
		return NotGET
	case h.count("Transfer-Encoding") > 0, strings.Trim(h.Get("Content-Length"), "0") != "":
		return HasBody
	case h.Get("Sec-WebSocket-Version") != "13":
		return NotVersion13
	case keys == 0:
		return NoKey
	case keys > 1 || !ValidKey(h.Get("Sec-WebSocket-Key")):
		return BadKey
	}
	return NoReason
}

func (h *Head) notGranted() Reason {
	switch status := h.Status(); {
	case status == 403:
		return Forbidden
	case status != 101:
		return OtherStatus
	case !h.Upgrades():
		return OtherProtocol
	}
	return NoReason
}

// count gives how many fields of a name there are.
func (h *Head) count(name string) (n int) {
	for _, f := range h.Fields {
		if strings.EqualFold(f.Name, name) {
			n++
		}
	}
	return n
}

// ValidKey tells whether a Sec-WebSocket-Key is one: 16 bytes in Base64 (RFC 6455
// §4.1).
func ValidKey(key string) bool {
	b, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(b) == 16
}

// isVersion tells whether s is an HTTP version (RFC 9112 §2.3).
func isVersion(s string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return len(s) == len("HTTP/1.1") && strings.HasPrefix(s, "HTTP/") && digit(s[5]) && s[6] == '.' && digit(s[7])
}

// isTarget tells whether a request may have a target: a path, or a whole URL (RFC
// 9112 §3.2).
func isTarget(method, target string) bool {
	return strings.HasPrefix(target, "/") || strings.Contains(target, "://") || target == "*" || method == "CONNECT"
}
