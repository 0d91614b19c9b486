package annotate

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// sent is one segment: who sends it, what, and the flags that are not PSH and ACK.
type sent struct {
	from  dissect.Side
	data  string
	flags tcp.Flags
}

// dialogue comments the segments of a connection, its handshake before them.
func dialogue(lang catalogue.Lang, segments ...sent) (comments []string) {
	addr := [2]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:50000"), netip.MustParseAddrPort("127.0.0.1:7272")}
	seq := [2]uint32{1000, 5000}
	var tracker dissect.Tracker
	var a Annotator
	segments = append([]sent{{dissect.Client, "", tcp.SYN}, {dissect.Server, "", tcp.SYN | tcp.ACK}}, segments...)
	for _, s := range segments {
		flags := s.flags
		if flags&tcp.SYN == 0 {
			flags |= tcp.PSH | tcp.ACK
		}
		c := a.Add(tracker.Add(&dissect.Segment{Packet: &capture.Packet{Time: time.Unix(0, 0)}, Src: addr[s.from], Dst: addr[s.from.Other()],
			Seq: seq[s.from], Ack: seq[s.from.Other()], Flags: flags, Window: 512, Payload: []byte(s.data), Length: len(s.data)}))
		seq[s.from] += uint32(len(s.data))
		if flags&(tcp.SYN|tcp.FIN) != 0 {
			seq[s.from]++
		}
		comments = append(comments, strings.Join(c.Lines(lang), "\n"))
	}
	return comments[2:]
}

// Data that ends nothing is said to be what it is, in each language.
func TestCommentsOfData(t *testing.T) {
	const client, server = dissect.Client, dissect.Server
	const en, fr, zh = catalogue.English, catalogue.French, catalogue.Chinese
	frame := func(h dissect.FrameHeader, text string) string {
		return string(dissect.AppendFrame(nil, h, []byte(text)))
	}
	text := dissect.FrameHeader{Fin: true, Opcode: dissect.Text}
	masked := text
	masked.Masked, masked.Key = true, [4]byte{1, 2, 3, 4}
	upgrade := []sent{
		{client, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", 0},
		{server, "HTTP/1.1 103 Early Hints\r\n\r\n", 0},
		{server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 0},
	}
	long := frame(masked, strings.Repeat("x", 300))
	wrong := frame(masked, strings.Repeat("x", 20))
	wrong = wrong[:1] + "\x99" + wrong[2:] // 25 bytes
	hello := "\x16\x03\x01\x00\x6c\x01\x00\x00\x68\x03\x03" + strings.Repeat("r", 32) + "\x00\x00\x02\x13\x01\x01\x00\x00\x3d" +
		"\x00\x00\x00\x11\x00\x0f\x00\x00\x0cchat.example\x00\x10\x00\x0e\x00\x0c\x02h2\x08http/1.1"
	for _, tt := range []struct {
		name     string
		segments []sent
		want     map[catalogue.Lang]string // of the last
	}{
		{"an interim response", upgrade[:2], map[catalogue.Lang]string{en: "An interim response", fr: "Une réponse intermédiaire", zh: "中间响应"}},
		{"a part of a frame", append(upgrade[:3:3], sent{client, long[:108], 0}, sent{client, long[108:208], 0}),
			map[catalogue.Lang]string{en: "300 bytes of payload: 200 of them", fr: "300 octets de charge utile\u00a0: 200 sont", zh: "其载荷 300 字节：到此已到达 200 字节"}},
		{"a frame begins behind another", append(upgrade[:3:3], sent{client, frame(masked, "hi") + long[:108], 0}),
			map[catalogue.Lang]string{en: "300 bytes of payload, 100 of them in this segment", fr: "dont 100 dans ce segment", zh: "其中 100 字节在此报文段中"}},
		{"behind what is no frame", append(upgrade[:3:3], sent{client, "no frame at all", 0}, sent{client, frame(masked, "hi"), 0}),
			map[catalogue.Lang]string{en: "8 bytes of data: where a frame begins", fr: "on ne sait pas où une trame y commence", zh: "不知道其中的帧从哪里开始"}},
		{"an answer to less than is due", append(upgrade[:3:3], sent{client, wrong, 0}, sent{server, frame(text, "hi"), 0}),
			map[catalogue.Lang]string{en: "although 5 bytes of", fr: "25, ne semble pas convenir\u202f; 20", zh: "25 似乎不对；20 才对"}},
		{"an end before all is there", append(upgrade[:3:3], sent{client, wrong, 0}, sent{client, "", tcp.FIN}),
			map[catalogue.Lang]string{en: "5 bytes of a text frame with 25 bytes", fr: "5 octets d’une trame texte de 25 octets", zh: "有 5 字节始终没有到达"}},
		{"a page's content", []sent{{client, "GET /page HTTP/1.1\r\nHost: a\r\n\r\n", 0}, {server, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 0}, {server, "<!DOCTYPE", 0}},
			map[catalogue.Lang]string{en: "9 bytes of HTTP", fr: "9 octets de HTTP", zh: "9 字节的 HTTP"}},
		{"SSH", []sent{{client, "SSH-2.0-x\r\n", 0}}, map[catalogue.Lang]string{en: "11 bytes of SSH", fr: "11 octets de SSH", zh: "11 字节的 SSH"}},
		{"HTTP/2", []sent{{client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0}}, map[catalogue.Lang]string{en: "24 bytes of HTTP/2", fr: "24 octets de HTTP/2", zh: "24 字节的 HTTP/2"}},
		{"a ClientHello", []sent{{client, hello, 0}}, map[catalogue.Lang]string{
			en: "It looks for the server chat.example.\nInside it offers to speak h2, http/1.1.", fr: "Il cherche le serveur chat.example.", zh: "它要找的服务器是 chat.example。"}},
		{"an alert", []sent{{server, "\x15\x03\x03\x00\x02\x02\x46", 0}}, map[catalogue.Lang]string{en: "alert 70", fr: "alerte 70", zh: "警报 70"}},
		{"a refusal", []sent{{client, strings.Replace(upgrade[0].data, "13", "8", 1), 0}, {server, "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", 0}},
			map[catalogue.Lang]string{en: "does not become a WebSocket: Sec-WebSocket-Version is not 13", fr: "Sec-WebSocket-Version n’est pas 13", zh: "Sec-WebSocket-Version 不是 13"}},
		{"a stranger's page", []sent{upgrade[0], {server, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 0}},
			map[catalogue.Lang]string{en: "refuses it (403)", fr: "le refuse (403)", zh: "拒绝了它（403）"}},
	} {
		for lang, want := range tt.want {
			all := dialogue(lang, tt.segments...)
			if got := all[len(all)-1]; !strings.Contains(got, want) {
				t.Errorf("%s: want %q in\n%s", tt.name, want, got)
			}
		}
	}
}
