package dissect

import (
	"strings"
	"testing"

	"chatlab/sniffer/capture/capturetest"
	"chatlab/sniffer/tcp"
)

// clientHello is a record with a server's name, protocols and versions.
func clientHello(name string, protocols ...string) string {
	vector := func(size int, s string) string { return lengthed(size, "", s) }
	list := ""
	for _, p := range protocols {
		list += vector(1, p)
	}
	extensions := "\x00\x00" + vector(2, vector(2, "\x00"+vector(2, name))) +
		"\x00\x10" + vector(2, vector(2, list)) + "\x00\x2b" + vector(2, vector(1, "\x7a\x7a\x03\x04\x03\x03"))
	body := "\x03\x03" + strings.Repeat("r", 32) + vector(1, "session") + vector(2, "\x13\x01") + vector(1, "\x00") + vector(2, extensions)
	return "\x16\x03\x01" + vector(2, "\x01"+vector(3, body))
}

// The first bytes of a side tell what it speaks, however they are cut up.
func TestSpeaks(t *testing.T) {
	for _, tt := range []struct {
		from  Side
		first string
		want  Protocol
	}{
		{Client, upgradeRequest, HTTP}, {Server, "HTTP/1.1 400 Bad Request\r\n\r\n", HTTP}, {Server, upgradeRequest, UnknownProtocol},
		{Client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00", HTTP2},
		{Client, clientHello("chat.example", "http/1.1"), TLS}, {Server, "\x15\x03\x03\x00\x02\x02\x46", TLS},
		{Client, "SSH-2.0-OpenSSH_9.2p1\r\n", SSH}, {Server, "SSH-2.0-OpenSSH_9.2p1\r\n", SSH},
		{Client, "\x16\x04\x01\x02\x00\x01\x00\x01\xfc", UnknownProtocol}, {Client, "a line of text\r\n", UnknownProtocol},
		{Client, masked(true, Text, "hello everybody"), UnknownProtocol},
	} {
		for _, n := range []int{1, 3, 6, 1000} {
			w := newWire(t)
			w.open()
			for rest := tt.first; rest != ""; rest = rest[min(n, len(rest)):] {
				w.send(tt.from, tcp.PSH|tcp.ACK, rest[:min(n, len(rest))])
			}
			_, c := brokenText(w.packets)
			if got := c.Speaks(tt.from); got != tt.want || c.Speaks(tt.from.Other()) != UnknownProtocol {
				t.Errorf("%.20q in segments of %d: got %q, want %q", tt.first, n, got, tt.want)
			}
		}
	}
	for _, first := range []string{"\x05\x02\x00\x01", "\x04\x01\x1c\x68\x7f\x00\x00\x01\x00"} {
		w := newWire(t)
		w.open()
		w.send(Client, tcp.PSH|tcp.ACK, first)
		_, whole := brokenText(w.packets)
		_, late := brokenText(w.packets[3:])
		if whole.Speaks(Client) != SOCKS || late.Speaks(Client) != UnknownProtocol {
			t.Errorf("%q: %q, begun late %q", first, whole.Speaks(Client), late.Speaks(Client))
		}
	}
}

// A capture begun within a record of TLS tells it with the next record.
func TestSpeaksBegunLate(t *testing.T) {
	w := newWire(t)
	w.send(Client, tcp.PSH|tcp.ACK, strings.Repeat("\xa5", 100))
	w.send(Client, tcp.PSH|tcp.ACK, "\x17\x03\x03\x00\x20"+strings.Repeat("\xa5", 32))
	if _, c := brokenText(w.packets[:1]); c.Speaks(Client) != UnknownProtocol {
		t.Errorf("within a record: %q", c.Speaks(Client))
	}
	if _, c := brokenText(w.packets); c.Speaks(Client) != TLS {
		t.Errorf("with the next: %q", c.Speaks(Client))
	}
}

// A ClientHello tells what is asked for, as far as it was captured.
func TestClientHello(t *testing.T) {
	whole := clientHello("chat.example", "h2", "http/1.1")
	for n := range len(whole) + 1 {
		r, ok := ReadRecord([]byte(whole[:n]))
		if ok != (n >= 5) || (r.Hello != nil) != (n >= 6) {
			t.Fatalf("%d bytes: %+v", n, r)
		}
	}
	r, _ := ReadRecord([]byte(whole))
	if h := r.Hello; h.Name != "chat.example" || strings.Join(h.Protocols, " ") != "h2 http/1.1" {
		t.Errorf("got %+v", h)
	}
	if r, _ := ReadRecord([]byte("\x15\x03\x03\x00\x02\x02\x46")); r.Alert != 70 {
		t.Errorf("got %+v", r)
	}
}

// A browser that speaks TLS to the plain server, and one that speaks it to a server
// that does too.
func TestCapturesOfTLS(t *testing.T) {
	for file, server := range map[string]Protocol{"https_only.pcap": HTTP, "68-wss-7272.pcap": TLS} {
		_, c := brokenText(capturetest.Read(t, "testdata/"+file))
		if c.Speaks(Client) != TLS || c.Speaks(Server) != server || c.Hello() == nil || c.WebSocket {
			t.Errorf("%s: the client speaks %v, the server %v, %+v", file, c.Speaks(Client), c.Speaks(Server), c.Hello())
		}
	}
}

func FuzzReadRecord(f *testing.F) {
	f.Add([]byte(clientHello("chat.example", "h2", "http/1.1")))
	f.Fuzz(func(t *testing.T, b []byte) { ReadRecord(b) })
}
