package dissect

import (
	"bytes"
	"unicode/utf8"
)

// weight is how much bytes speak for being WebSocket frames.
type weight uint8

const (
	nothing weight = iota
	weak           // one segment in many thousand random ones looks like that
	strong         // none does
)

const (
	// fewText is how many characters of text make evidence strong where frames
	// end where the segment does, and muchText where they do not.
	fewText  = 5
	muchText = 32
)

// weigh tells how much a segment's bytes speak for being frames as side sends
// them. cut is how many bytes were on the wire behind them and were not captured.
//
// Many protocols begin with a byte or two and a length, as frames do: a DNS
// message over TCP of less than 256 bytes reads as a continuation frame of just
// its length, SMB's and Modbus' zeros as empty ones. So no choice that a program
// hardly makes counts (RFC 6455 §5.2), the frames must end with the segment, and
// only text can prove much: at 0x81 and its length what is unmasked with the key,
// or is not masked at all, must be readable.
//
// A fragment must be readable and prove much, or it is nothing. Not masked it
// might be any text behind a type and a length, or behind a length of two bytes:
// then it must be so long that its length has the two bytes of RFC 6455 §5.2, and
// these must lead to the segment's end.
//
// left is, where b is nothing yet but a frame that goes on behind it, how many
// bytes that frame still has.
func weigh(b []byte, cut int, side Side) (w weight, left uint32) {
	if len(b) == 0 {
		return nothing, 0
	}
	text, parts, ends := 0, 0, true
	fragments, long := false, true
	for len(b) > 0 {
		h := ParseFrameHeader(b)
		if h.Size == 0 {
			ends = false
			break
		}
		if !h.Valid() || h.Size != h.shortest() || h.Masked != (side == Client) || h.Length > maxKept {
			return nothing, 0
		}
		payload := b[h.Size:]
		missing := int(h.Length) - len(payload)
		if missing <= 0 {
			payload = payload[:h.Length]
		} else if missing != cut {
			ends = false
			left = uint32(max(0, missing-cut))
		}
		if !h.Fin || h.Opcode == Continuation {
			n := readable(&h, payload)
			if n == 0 {
				return nothing, 0
			}
			parts += n
			fragments, long = true, long && h.Length > 125
		} else {
			n, ok := plausible(&h, payload, missing <= 0)
			if !ok {
				return nothing, 0
			}
			text += n
		}
		b = b[h.Size+len(payload):]
	}
	switch {
	case text >= muchText, ends && text >= fewText && !fragments,
		parts >= muchText && (side == Client || ends && long):
		return strong, 0
	case fragments && parts < muchText:
		return nothing, 0
	case ends && !fragments:
		return weak, 0
	}
	return nothing, left
}

// readable gives how many bytes of a text message's fragment are readable text,
// 0 if any is not. A fragment may begin and end inside a character (RFC 6455
// §5.4).
func readable(h *FrameHeader, payload []byte) int {
	if h.RSV != 0 || h.Opcode == Binary {
		return 0
	}
	part := *h
	part.Opcode = Text
	if h.Masked {
		payload = bytes.Clone(payload)
		Mask(payload, h.Key, 0)
		part.Masked = false
	}
	for i := 0; h.Opcode == Continuation && i < utf8.UTFMax-1 && len(payload) > 0 && !utf8.RuneStart(payload[0]); i++ {
		payload = payload[1:]
	}
	n, _ := plausible(&part, payload, false)
	return n
}

// plausible tells whether a payload is what a frame of that header may have, and
// how many bytes of it are readable text.
func plausible(h *FrameHeader, payload []byte, whole bool) (text int, ok bool) {
	if h.RSV != 0 { // compressed: nothing can be said of it
		return 0, true
	}
	if h.Masked {
		payload = bytes.Clone(payload)
		Mask(payload, h.Key, 0)
	}
	switch h.Opcode {
	case Text:
		if !whole {
			payload = withoutPart(payload)
		}
		if !utf8.Valid(payload) { // RFC 6455 §8.1
			return 0, false
		}
		if bytes.ContainsFunc(payload, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }) {
			return 0, true
		}
		return len(payload), true
	case Close:
		return 0, validClose(payload, h.Length)
	}
	return 0, true
}

// validClose tells whether a close frame's payload is nothing, or begins with a
// status code that is in use (RFC 6455 §5.5.1, §7.4.2).
func validClose(payload []byte, length uint64) bool {
	if length < 2 || len(payload) < 2 {
		return length != 1
	}
	code := uint16(payload[0])<<8 | uint16(payload[1])
	return code >= 1000 && code < 5000
}

// withoutPart leaves out the beginning of a character at the end of b.
func withoutPart(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}

// chained tells whether b is nothing but whole frames as side sends them
// (RFC 6455 §5.1: a client masks all, a server none). The last one may end with
// the cut bytes behind b.
func chained(b []byte, cut int, side Side) bool {
	for len(b) > 0 {
		h := ParseFrameHeader(b)
		if !h.Valid() || h.Masked != (side == Client) {
			return false
		}
		if here := uint64(len(b) - h.Size); h.Length > here {
			return cut > 0 && h.Length-here == uint64(cut)
		}
		b = b[h.Size+int(h.Length):]
	}
	return true
}
