package dissect

import (
	"encoding/binary"
	"fmt"
)

// Opcode is a WebSocket frame's opcode (RFC 6455 §5.2).
type Opcode uint8

// The opcodes that RFC 6455 §11.8 registers.
const (
	Continuation Opcode = 0x0
	Text         Opcode = 0x1
	Binary       Opcode = 0x2
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xA
)

var opcodeNames = [16]string{
	Continuation: "continuation", Text: "text", Binary: "binary", Close: "close", Ping: "ping", Pong: "pong",
}

func (o Opcode) String() string {
	if int(o) < len(opcodeNames) && opcodeNames[o] != "" {
		return opcodeNames[o]
	}
	return fmt.Sprintf("reserved 0x%X", uint8(o))
}

// Control tells whether o is a control frame's opcode (RFC 6455 §5.5).
func (o Opcode) Control() bool { return o&0x8 != 0 }

// FrameHeader is a WebSocket frame's header (RFC 6455 §5.2).
type FrameHeader struct {
	Fin    bool
	RSV    uint8 // the three reserved bits, RSV1 the highest: 0..7
	Opcode Opcode
	Masked bool
	Key    [4]byte // the masking key, when Masked
	Length uint64  // of the payload, in bytes
	Size   int     // of the header itself, 2 to 14 bytes
}

// MaxFrameHeader is the size of the longest frame header, in bytes.
const MaxFrameHeader = 14

// ParseFrameHeader reads the header at the start of b. Size is 0 when b is too
// short to hold it whole.
func ParseFrameHeader(b []byte) FrameHeader {
	if len(b) < 2 {
		return FrameHeader{}
	}
	h := FrameHeader{
		Fin:    b[0]&0x80 != 0,
		RSV:    b[0] >> 4 & 7,
		Opcode: Opcode(b[0] & 0x0f),
		Masked: b[1]&0x80 != 0,
		Length: uint64(b[1] & 0x7f),
	}
	n := 2
	switch h.Length {
	case 126:
		n += 2
		if len(b) < n {
			return FrameHeader{}
		}
		h.Length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		n += 8
		if len(b) < n {
			return FrameHeader{}
		}
		h.Length = binary.BigEndian.Uint64(b[2:])
	}
	if h.Masked {
		if len(b) < n+4 {
			return FrameHeader{}
		}
		copy(h.Key[:], b[n:])
		n += 4
	}
	h.Size = n
	return h
}

// Valid tells whether h may stand in a conversation without extensions that
// use the reserved bits: a registered opcode, a control frame neither
// fragmented nor above 125 bytes (§5.5), a length below 2^63 (§5.2).
func (h FrameHeader) Valid() bool {
	if h.Size == 0 || h.Length>>63 != 0 || h.RSV&3 != 0 {
		return false
	}
	switch h.Opcode {
	case Continuation, Text, Binary:
		return true
	case Close, Ping, Pong:
		return h.Fin && h.Length <= 125
	}
	return false
}

// shortest is the size of the header with its length in the shortest form, which
// RFC 6455 §5.2 asks for.
func (h FrameHeader) shortest() int {
	size := 2
	switch {
	case h.Length > 0xffff:
		size += 8
	case h.Length > 125:
		size += 2
	}
	if h.Masked {
		size += len(h.Key)
	}
	return size
}

// Append appends the header to b, Size bytes: as it was on the wire where
// ParseFrameHeader read it.
func (h FrameHeader) Append(b []byte) []byte {
	first, second, size := byte(h.Opcode&0x0f)|h.RSV&7<<4, byte(0), h.Size
	if h.Fin {
		first |= 0x80
	}
	if h.Masked {
		second, size = 0x80, size-len(h.Key)
	}
	switch size {
	case 10:
		b = binary.BigEndian.AppendUint64(append(b, first, second|127), h.Length)
	case 4:
		b = binary.BigEndian.AppendUint16(append(b, first, second|126), uint16(h.Length))
	default:
		b = append(b, first, second|byte(h.Length))
	}
	if h.Masked {
		b = append(b, h.Key[:]...)
	}
	return b
}

// AppendFrame appends to b a frame as h describes it with payload in it, masked
// with h.Key if h.Masked. The length comes from payload, in the shortest form.
func AppendFrame(b []byte, h FrameHeader, payload []byte) []byte {
	h.Length = uint64(len(payload))
	h.Size = h.shortest()
	b = h.Append(b)
	start := len(b)
	b = append(b, payload...)
	if h.Masked {
		Mask(b[start:], h.Key, 0)
	}
	return b
}

// Mask applies key to b in place, b[0] being byte number offset of the payload:
// byte i is XORed with key byte i modulo 4 (RFC 6455 §5.3). Masking twice gives
// the bytes back.
func Mask(b []byte, key [4]byte, offset uint64) {
	var k [8]byte
	for i := range k {
		k[i] = key[(offset+uint64(i))&3]
	}
	k64 := binary.LittleEndian.Uint64(k[:])
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^k64)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= k[i]
	}
}
