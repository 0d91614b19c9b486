package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"chatlab/sniffer/capture"
	"chatlab/webclient/site"
)

// script is a capture of several conversations, each a client's port.
type script struct {
	t       *testing.T
	packets []capture.Packet
	seq     map[[2]layers.TCPPort]uint32
	shut    bool // windows are 0
}

// send adds a segment with flags as tcpdump writes them, and gives its number in
// the page, from 1. A scale below 0 is none.
func (s *script) send(from, to layers.TCPPort, flags string, scale int, payload string) int {
	s.t.Helper()
	has := func(f string) bool { return strings.Contains(flags, f) }
	mine, theirs := [2]layers.TCPPort{from, to}, [2]layers.TCPPort{to, from}
	if s.seq[mine] == 0 {
		s.seq[mine] = 1000 * uint32(from)
	}
	if s.seq[theirs] == 0 {
		s.seq[theirs] = 1000 * uint32(to)
	}
	tcp := &layers.TCP{SrcPort: from, DstPort: to, Seq: s.seq[mine], Window: 100, SYN: has("S"), FIN: has("F"), RST: has("R"), PSH: has("P"), ACK: has("."), ECE: has("E"), CWR: has("W")}
	if s.shut {
		tcp.Window = 0
	}
	if tcp.ACK {
		tcp.Ack = s.seq[theirs]
	}
	if scale >= 0 {
		tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindNop, OptionLength: 1},
			{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{byte(scale)}}}
	}
	loopback := net.IPv4(127, 0, 0, 1)
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: loopback, DstIP: loopback}
	if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
		s.t.Fatal(err)
	}
	buffer := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp, gopacket.Payload(payload)); err != nil {
		s.t.Fatal(err)
	}
	s.packets = append(s.packets, capture.Packet{Time: time.Unix(1407837000, int64(len(s.packets))*1000), LinkType: capture.Raw, Length: len(buffer.Bytes()), Data: buffer.Bytes()})
	s.seq[mine] += uint32(len(payload))
	if tcp.SYN || tcp.FIN {
		s.seq[mine]++
	}
	return len(s.packets)
}

// What the page says of a field is true of that packet's field: a table of
// packets, fields and texts.
func TestFieldsMeanWhatIsSaid(t *testing.T) {
	const server = 7272
	s := &script{t: t, seq: map[[2]layers.TCPPort]uint32{}}
	type want struct {
		packet int
		field  string   // its name's key
		value  string   // what it begins with, if that matters
		texts  []string // the keys of what is said
	}
	var table []want
	expect := func(packet int, field, value string, texts ...string) {
		table = append(table, want{packet, field, value, texts})
	}
	const request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://127.0.0.1:55151\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

	// Both SYNs have a scale.
	n := s.send(50001, server, "SEW", 7, "")
	expect(n, "tcp.window", "100", "tcp.window.syn.is")
	expect(n, "tcp.seq", "50001000", "tcp.seq.syn.is")
	expect(n, "tcp.ack", "0", "tcp.ack.none.is")
	expect(n, "tcp.ece", "1", "tcp.ece.syn.is")
	expect(n, "tcp.cwr", "1", "tcp.cwr.syn.is")
	n = s.send(server, 50001, "S.E", 2, "")
	expect(n, "tcp.window", "100", "tcp.window.syn.is")
	expect(n, "tcp.ack", "1 (50001001)", "tcp.ack.is", "tcp.counted.start")
	n = s.send(50001, server, ".", -1, "")
	expect(n, "tcp.window", "100 × 128 = 12800", "tcp.window.scaled.is")
	expect(n, "tcp.seq", "1 (50001001)", "tcp.seq.none.is", "tcp.counted.start")
	expect(n, "tcp.ece", "0", "tcp.ece.is")
	expect(n, "tcp.cwr", "0", "tcp.cwr.is")
	n = s.send(50001, server, "P.", -1, request)
	expect(n, "tcp.seq", "1 (50001001)", "tcp.seq.is", "tcp.counted.start")
	expect(n, "http.request", "GET", "http.request.is")
	expect(n, "http.origin", "Origin", "http.origin.is")
	expect(n, "http.end", "", "http.end.is")
	n = s.send(server, 50001, "P.", -1, "HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n")
	expect(n, "tcp.window", "100 × 4 = 400", "tcp.window.scaled.is")
	expect(n, "http.response", "HTTP/1.1 403", "http.response.403.is")
	expect(n, "http.end", "", "http.end.body.is")
	expect(n, "data.bytes", "3", "data.bytes.is")
	s.seq[[2]layers.TCPPort{50001, server}]--
	n = s.send(50001, server, ".", -1, "")
	expect(n, "tcp.seq", "", "tcp.seq.keepalive.is", "tcp.counted.start")
	s.shut = true
	s.send(server, 50001, ".", -1, "")
	s.shut = false
	n = s.send(50001, server, ".", -1, "")
	expect(n, "tcp.seq", "", "tcp.seq.probe.is", "tcp.counted.start")
	s.send(server, 50001, ".", -1, "")
	s.seq[[2]layers.TCPPort{50001, server}]++
	n = s.send(50001, server, "F.", -1, "")
	expect(n, "tcp.seq", "", "tcp.seq.fin.is", "tcp.counted.start")
	n = s.send(server, 50001, "F.", -1, "bye")
	expect(n, "tcp.seq", "", "tcp.seq.is", "tcp.counted.start")
	n = s.send(50001, server, "R", -1, "")
	expect(n, "tcp.seq", "", "tcp.seq.rst.is", "tcp.counted.start")
	expect(n, "tcp.ack", "0", "tcp.ack.none.is")

	// The server's has none: no window counts in units.
	n = s.send(50002, server, "S", 7, "")
	expect(n, "tcp.window", "100", "tcp.window.syn.is")
	n = s.send(server, 50002, "S.", -1, "")
	expect(n, "tcp.window", "100", "tcp.window.syn.is")
	n = s.send(50002, server, ".", -1, "")
	expect(n, "tcp.window", "100", "tcp.window.plain.is")

	// The capture has no SYN.
	n = s.send(50003, server, "P.", -1, "in the middle")
	expect(n, "tcp.window", "100", "tcp.window.is")
	expect(n, "tcp.seq", "", "tcp.seq.is", "tcp.counted.late")
	expect(n, "tcp.ack", "", "tcp.ack.is", "tcp.counted.late")

	// Each status says its own, and what is not 101 promises no frames.
	for i, tt := range []struct{ status, says, end string }{
		{"101 Switching Protocols", "http.response.101.is", "http.end.frames.is"}, {"200 OK", "http.response.200.is", "http.end.body.is"},
		{"400 Bad Request", "http.response.400.is", "http.end.body.is"}, {"426 Upgrade Required", "http.response.426.is", "http.end.body.is"},
		{"503 Service Unavailable", "http.response.503.is", "http.end.body.is"}, {"404 Not Found", "http.response.is", "http.end.body.is"},
		{"302 Found", "http.response.is", "http.end.body.is"},
	} {
		port := layers.TCPPort(51000 + i)
		s.send(port, server, "S", 7, "")
		s.send(server, port, "S.", 7, "")
		s.send(port, server, "P.", -1, request)
		n = s.send(server, port, "P.", -1, "HTTP/1.1 "+tt.status+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
		expect(n, "http.response", "HTTP/1.1 "+tt.status, tt.says)
		expect(n, "http.end", "", tt.end)
	}

	// A frame that breaks a rule is shown as one.
	n = s.send(51000, server, "P.", -1, "\x81\x02hi")
	expect(n, "ws.broken", "RFC 6455 §5.1", "ws.broken.is")
	expect(n, "ws.mask", "0", "ws.mask.is")
	expect(n, "ws.payload", "hi")
	n = s.send(51000, server, "P.", -1, "no frame at all")
	expect(n, "ws.broken", "RFC 6455 §5.2", "ws.broken.is")
	expect(n, "data.bytes", "13", "data.bytes.is")

	data, err := os.ReadFile("site/texts/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	page, _, w := serveWire(t, site.Options{})
	feed(w, s.packets)
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent.startsWith("%d of")`, len(s.packets)))
	eval[chromedp.Void](b, `document.querySelector("#ladder").focus()`)
	b.key("Home", 36, "", 0)
	b.key("Enter", 13, "\r", 0)
	said := make([][][]string, len(s.packets)+1) // of a packet's fields: name, value, what is said
	for n := 1; n <= len(s.packets); n++ {
		if n > 1 {
			b.key("ArrowDown", 40, "", 0)
		}
		b.until(fmt.Sprintf(`document.querySelector("#opened-title").textContent === "Packet %d"`, n))
		said[n] = eval[[][]string](b, `[...document.querySelectorAll(".field")].map((f) => {
			f.click();
			return [f.querySelector(".field-name").textContent, f.querySelector(".field-value").textContent,
				[...document.querySelectorAll("#field-says p:not(.bits)")].slice(1).map((e) => e.textContent).join("\n")];
		})`)
	}
	for _, tt := range table {
		var say []string
		for _, key := range tt.texts {
			if texts[key] == "" {
				t.Fatalf("no text %q", key)
			}
			say = append(say, texts[key])
		}
		found := false
		for _, f := range said[tt.packet] {
			if f[0] != texts[tt.field] {
				continue
			}
			found = true
			if want := strings.Join(say, " "); f[2] != want || !strings.HasPrefix(f[1], tt.value) {
				t.Errorf("packet %d: of %s, %q, the page says\n%q; want of %q\n%q", tt.packet, tt.field, f[1], f[2], tt.value, want)
			}
		}
		if !found {
			t.Errorf("packet %d has no %s: %q", tt.packet, tt.field, said[tt.packet])
		}
	}
	b.clean()
}
