package class

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"testing"

	"chatlab/lab/check/checktest"
	"chatlab/lab/check/evidence"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// conversing makes what a capture shows of clients that send frames with these masking keys,
// after a handshake with that key.
func conversing(t *testing.T, key string, clients ...[][4]byte) *evidence.Capture {
	s := checktest.New(t)
	for i, masks := range clients {
		s.Jitter = uint64(i + 1)
		n := s.Conn(uint16(40000 + i))
		n.Open()
		n.Data(dissect.Client, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "+key+"\r\n\r\n")
		n.Data(dissect.Server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+dissect.Accept(key)+"\r\n\r\n")
		for _, mask := range masks {
			n.Segment(dissect.Client, tcp.PSH|tcp.ACK, string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: true, Key: mask}, []byte("{}"))))
		}
	}
	var c evidence.Capture
	for i := range s.Packets {
		c.Add(&s.Packets[i])
	}
	return &c
}

// Keys that are well known, or come again in one capture, prove nothing; others do.
func TestConstantsProveNothing(t *testing.T) {
	const random = "l8vLqO3zT1uQk2cXy0aZ9w=="
	fresh := [][4]byte{{9, 1, 7, 3}, {8, 2, 6, 4}, {1, 9, 9, 8}}
	examples := [][4]byte{{0, 0, 0, 0}, {0xff, 0xff, 0xff, 0xff}}
	for mask := range exampleMasks {
		examples = append(examples, mask)
	}
	type test struct {
		name  string
		c     *evidence.Capture
		kinds []Likeness
	}
	tests := []test{
		{"one's own", conversing(t, random, fresh), []Likeness{SameKey, SameMasks}},
		{"the handshake's key again", conversing(t, random, fresh, [][4]byte{{5, 6, 7, 7}}), []Likeness{SameMasks}},
		{"one masking key", conversing(t, random, [][4]byte{{9, 1, 7, 3}, {9, 1, 7, 3}, {9, 1, 7, 3}}), []Likeness{SameKey}},
		{"two masking keys in turn", conversing(t, random, [][4]byte{{9, 1, 7, 3}, {8, 2, 6, 4}, {9, 1, 7, 3}, {8, 2, 6, 4}}), []Likeness{SameKey}},
		{"masking keys of another conversation again", conversing(t, random, fresh, fresh), nil},
		{"well-known masking keys", conversing(t, random, examples), []Likeness{SameKey}},
		{"zeros", conversing(t, "AAAAAAAAAAAAAAAAAAAAAA==", fresh), []Likeness{SameMasks}},
	}
	for key := range exampleKeys {
		tests = append(tests, test{key, conversing(t, key, fresh), []Likeness{SameMasks}})
	}
	client := netip.MustParseAddrPort("127.0.0.1:40000")
	for _, tt := range tests {
		var kinds []Likeness
		f := newFingerprint(tt.c)
		for _, s := range f.signs(client) {
			if (s.kind == SameKey || s.kind == SameMasks) && !slices.Contains(kinds, s.kind) {
				kinds = append(kinds, s.kind)
			}
		}
		if !slices.Equal(kinds, tt.kinds) {
			t.Errorf("%s: %v, want %v", tt.name, kinds, tt.kinds)
		}
	}
}

// The table's keys can be sent: 16 bytes in Base64 (RFC 6455 §4.1), or what a script
// sends though it is not.
func TestExampleKeysAreKeys(t *testing.T) {
	for key, from := range exampleKeys {
		b, err := base64.StdEncoding.DecodeString(key)
		if err != nil || len(b) != 16 && key != "SGVsbG8sIHdvcmxkIQ==" || from == "" {
			t.Errorf("%s: %d bytes, %v, from %q", key, len(b), err, from)
		}
	}
}
