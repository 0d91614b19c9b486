package dissect

import "bytes"

// Protocol is what a side speaks, as its first bytes tell.
type Protocol uint8

// The protocols that are told apart. WebSocket begins as HTTP.
const (
	UnknownProtocol Protocol = iota
	HTTP                     // HTTP/1 (RFC 9112)
	HTTP2                    // begun without HTTP/1 (RFC 9113 §3.4)
	TLS                      // RFC 8446 §5.1
	SSH                      // RFC 4253 §4.2
	SOCKS                    // RFC 1928 §3, and the version before it
)

var protocols = [...]string{UnknownProtocol: "", HTTP: "HTTP", HTTP2: "HTTP/2", TLS: "TLS", SSH: "SSH", SOCKS: "SOCKS"}

// String gives the protocol's name, "" for UnknownProtocol.
func (p Protocol) String() string { return protocols[p] }

// Speaks tells what a side speaks. It is UnknownProtocol where its first bytes
// captured do not tell it, and before there are any.
func (c *Conversation) Speaks(side Side) Protocol { return c.streams[side].opening.speaks }

// opening is how a direction begins, as far as it was captured.
type opening struct {
	bytes  [8]byte
	n      int
	late   int  // segments that did not tell it, where the beginning is missing
	heard  bool // no more bytes are needed
	speaks Protocol
	hello  *ClientHello
}

// maxLate is how many segments are looked at where the beginning was not captured.
const maxLate = 16

// hear takes the next bytes of a direction until they tell what is spoken. whole
// tells that its beginning was captured: only then does little prove something.
func (o *opening) hear(b []byte, side Side, whole bool) {
	if o.heard || len(b) == 0 {
		return
	}
	alone := o.n == 0
	o.n += copy(o.bytes[o.n:], b)
	begin := o.bytes[:o.n]
	if alone {
		begin = b
	}
	o.speaks = spoken(begin, side, whole)
	if whole {
		o.heard = o.n == len(o.bytes)
	} else { // a segment may begin within a record
		o.n = 0
		o.late++
		o.heard = o.late == maxLate
	}
	o.heard = o.heard || o.speaks != UnknownProtocol
	if r, ok := ReadRecord(b); ok && alone && o.speaks == TLS {
		o.hello = r.Hello
	}
}

func spoken(b []byte, side Side, whole bool) Protocol {
	_, record := ReadRecord(b)
	switch {
	case len(b) >= len("HTTP/1.") && startsHead(b, side):
		return HTTP
	case side == Client && bytes.HasPrefix(b, []byte("PRI * HT")):
		return HTTP2
	case bytes.HasPrefix(b, []byte("SSH-")):
		return SSH
	case record:
		return TLS
	case whole && side == Client && len(b) > 2 && b[0] == 5 && len(b) == 2+int(b[1]), // version, methods
		whole && side == Client && len(b) > 8 && b[0] == 4 && (b[1] == 1 || b[1] == 2) && b[len(b)-1] == 0:
		return SOCKS
	}
	return UnknownProtocol
}
