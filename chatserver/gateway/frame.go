package gateway

import (
	"encoding/binary"

	"github.com/coder/websocket"
)

// The first byte of a frame that is a whole message: FIN and the opcode (RFC 6455
// §5.2).
const (
	finText  = 0x81
	finClose = 0x88
	finPing  = 0x89
)

// appendFrame appends a server's frame, which is not masked (RFC 6455 §5.1):
// first byte, payload length in 7, 16 or 64 bits (big-endian, the shortest that
// does), payload.
func appendFrame(b []byte, first byte, payload []byte) []byte {
	switch n := len(payload); {
	case n <= 125:
		b = append(b, first, byte(n))
	case n <= 0xffff:
		b = append(b, first, 126, byte(n>>8), byte(n))
	default:
		b = append(b, first, 127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return append(b, payload...)
}

// appendClose appends a Close frame (RFC 6455 §5.5.1). The reason is cut to what
// a control frame holds.
func appendClose(b []byte, code websocket.StatusCode, reason string) []byte {
	reason = reason[:min(len(reason), 123)]
	b = append(b, finClose, byte(2+len(reason)), byte(code>>8), byte(code))
	return append(b, reason...)
}

// nextFrame returns the length of the first frame in b, which must be whole and
// without a mask.
func nextFrame(b []byte) int {
	switch n := int(b[1] & 0x7f); n {
	case 126:
		return 4 + int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		return 10 + int(binary.BigEndian.Uint64(b[2:]))
	default:
		return 2 + n
	}
}
