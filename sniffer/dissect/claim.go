package dissect

import (
	"strings"

	"chatlab/sniffer/tcp"
)

// claim is what is known of whether a conversation is WebSocket.
type claim uint8

const (
	unknown  claim = iota // its beginning was not captured
	possible              // an HTTP head was not captured whole: the upgrade may be in it
	asked                 // the request asks for it; the answer was not captured yet
	guessed               // no handshake was captured, but its bytes have the form of frames
	granted               // the handshake was captured
	foreign               // it is something else
)

// enoughWeak is how many segments in a row, of both sides, must be nothing but
// frames that alone prove little.
const enoughWeak = 3

// verdict is the claim of one conversation, which its two parsers share.
type verdict struct {
	claim claim
	weak  int // segments in a row that weigh little
	// due is where in each direction a frame ends that a segment began and did
	// not end, if there is one.
	due    [2]uint32
	hasDue [2]bool
	// ack is what the client's last segment acknowledges, askedAck what it
	// acknowledged when it asked for the upgrade.
	ack, askedAck uint32
	answering     bool // no more of the answer than part of a head is acknowledged
	// reserved are the reserved bits that the server's answer leaves without a use.
	reserved uint8
	answered bool
}

// reservedBits gives the reserved bits that must be 0. Where the answer was not
// captured it may have granted compression.
func (v *verdict) reservedBits() uint8 {
	if !v.answered {
		return 7 &^ compressed
	}
	return v.reserved
}

// consented tells whether whole frames of a side are WebSocket. The server's 101
// need not have been captured: a browser that has an answer to its request and
// sends frames has been granted the upgrade (RFC 6455 §4.1).
func (v *verdict) consented(side Side) bool {
	if v.claim == asked {
		return side == Client && !v.answering && tcp.Before(v.askedAck, v.ack)
	}
	return v.claim == granted || v.claim == guessed
}

// grant notes that what was asked for is granted.
func (v *verdict) grant() {
	if v.claim == asked {
		v.claim = granted
	}
}

// place is where frames begin, as a segment shows.
type place uint8

const (
	nowhere place = iota
	here          // with it
	behind        // with what follows it
)

// accepts tells where a parser that has no place finds frames, of the bytes of a
// segment at pos. Where the handshake was not captured they must prove it.
func (v *verdict) accepts(b []byte, cut int, side Side, pos uint32) place {
	if v.claim == foreign {
		return nowhere
	}
	if v.claim == granted && chained(b, cut, side) {
		v.hasDue[side] = false
		return here
	}
	found := here
	weight, left := weigh(b, cut, side)
	if v.hasDue[side] && weight != strong {
		switch after := tcp.Distance(v.due[side], pos+uint32(len(b)+cut)); {
		case after < 0:
			return nowhere // the middle of a frame speaks neither for nor against
		case after == 0:
			// A length that leads to a segment's end is more than chance, but the
			// frame's header has gone by.
			weight, left, found = weak, 0, behind
		}
	}
	v.hasDue[side] = false
	if weight == nothing {
		if v.hasDue[side] = left > 0; left == 0 {
			v.weak = 0
		} else {
			v.due[side] = pos + uint32(len(b)+cut) + left
		}
		return nowhere
	}
	if v.claim == unknown && weight == weak {
		if v.weak++; v.weak < enoughWeak {
			return nowhere
		}
	}
	v.grant() // without the server's consent its browser would send no frame
	if v.claim != granted {
		v.claim = guessed
	}
	return found
}

// head notes an HTTP head. A later one on the same connection may still ask for
// the upgrade.
func (v *verdict) head(request bool, h *Head) {
	switch {
	case request && h.Asks() && v.claim != granted:
		v.claim, v.askedAck = asked, v.ack
	case !request && h.Interim(): // the answer is still to come
	case !request && h.Status() == 101 && h.Upgrades():
		v.claim, v.answered = granted, true
		switch extensions := h.Get("Sec-WebSocket-Extensions"); {
		case extensions == "":
			v.reserved = 7
		case strings.HasPrefix(strings.ToLower(extensions), "permessage-deflate"):
			v.reserved = 7 &^ compressed
		default: // it may use any (RFC 6455 §9)
			v.reserved = 0
		}
	case v.claim != granted:
		v.claim = foreign
	}
}

// partOfHead notes that an HTTP head cannot be read whole, with the part that
// was captured.
func (v *verdict) partOfHead(b []byte, side Side) {
	const status = len("HTTP/1.1 101")
	b = withoutEmptyLines(b)
	switch {
	case v.claim == granted || v.claim == asked && side == Client:
	case side == Client && len(b) >= 4 && string(b[:4]) != "GET ", // RFC 6455 §4.1
		side == Server && len(b) >= status && string(b[status-3:status]) != "101":
		v.claim = foreign
	case v.claim != asked:
		v.claim = possible
	}
}

// refuse notes bytes that WebSocket would not have. A handshake that was
// captured counts for more: then they are only an error in it.
func (v *verdict) refuse() {
	if v.claim != granted {
		v.claim = foreign
	}
}
