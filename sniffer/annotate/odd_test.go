package annotate

import (
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// What is said of odd frames and messages is so, and what would be false is not said.
func TestCommentsOfTheOdd(t *testing.T) {
	const client, server = dissect.Client, dissect.Server
	frame := func(from dissect.Side, op dissect.Opcode, text string) string {
		h := dissect.FrameHeader{Fin: true, Opcode: op, Masked: from == client, Key: [4]byte{1, 2, 3, 4}}
		return string(dissect.AppendFrame(nil, h, []byte(text)))
	}
	request := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	refusal := sent{server, "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\n", 0}
	upgrade := []sent{{client, request, 0}, {server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 0}}
	twoKeys := sent{client, strings.Replace(request, "Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key", 1), 0}
	login := `{"type":"login","client_name":"bob","room_id":1,"x":"` + strings.Repeat("x", 100) + `"}`
	for _, tt := range []struct {
		name      string
		segments  []sent
		want, not string // in the last
	}{
		{"a code that no frame may carry", append(upgrade[:2:2], sent{client, frame(client, dissect.Close, "\x03\xed"), 0}), "Close code 1005", "no code"},
		{"no code", append(upgrade[:2:2], sent{client, frame(client, dissect.Close, ""), 0}), "carries no code", "Close code"},
		{"half a code", append(upgrade[:2:2], sent{client, frame(client, dissect.Close, "\x03"), 0}), "§5.5.1", "carries no code"},
		{"two keys", []sent{twoKeys}, "not have exactly one", ""},
		{"two keys, refused", []sent{twoKeys, refusal}, "not have exactly one", "is not 16 bytes"},
		{"a refusal's content", []sent{{client, request, 0}, refusal, {server, "abc", 0}}, "3 bytes of HTTP", "WebSocket frame"},
		{"a login in a ping", append(upgrade[:2:2], sent{client, frame(client, dissect.Ping, login), 0}), "§5.5", "Asks to join"},
		{"TLS that is not encrypted", []sent{{server, "\x16\x03\x03\x00\x04\x0b\x00\x00\x00", 0}, {server, "\x14\x03\x03\x00\x01\x01", 0}}, "6 bytes of TLS", "encrypted"},
		{"a part of a record", []sent{{server, "\x16\x03\x03\x10\x00\x0b\x00\x0f\xfc" + strings.Repeat("c", 1000), 0}, {server, strings.Repeat("d", 1000), 0}}, "1000 bytes of TLS", "encrypted"},
		{"TLS that is encrypted", []sent{{server, "\x16\x03\x03\x00\x04\x0b\x00\x00\x00", 0}, {server, "\x17\x03\x03\x00\x03abc", 0}}, "8 bytes, encrypted", "not read"},
	} {
		all := dialogue(catalogue.English, tt.segments...)
		if got := all[len(all)-1]; !strings.Contains(got, tt.want) || tt.not != "" && strings.Contains(got, tt.not) {
			t.Errorf("%s: want %q, not %q, in\n%s", tt.name, tt.want, tt.not, got)
		}
	}
}
