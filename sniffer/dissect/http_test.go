package dissect

import (
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture/capturetest"
	"chatlab/sniffer/tcp"
)

// A 101 is read however it is spelled, and whatever comes before it; another answer
// grants nothing.
func TestAnswersToAHandshake(t *testing.T) {
	const accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
	granted := []string{`c text "hello"`, `s text "good"`}
	for _, tt := range []struct {
		name, answer string
		want         []string
		reason       Reason
	}{
		{"as written", upgradeResponse, granted, NoReason},
		{"no reason", "HTTP/1.1 101\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + accept + "\r\n\r\n", granted, NoReason},
		{"another reason", "HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n" + accept + "\r\n\r\n", granted, NoReason},
		{"HTTP/1.0", "HTTP/1.0 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + accept + "\r\n\r\n", granted, NoReason},
		{"lower case, no spaces", "HTTP/1.1 101 x\r\nupgrade:websocket\r\nconnection:upgrade\r\n" + strings.ToLower(accept[:20]) + ":" + accept[22:] + "\r\n\r\n", granted, NoReason},
		{"line feeds alone", strings.ReplaceAll(upgradeResponse, "\r\n", "\n"), granted, NoReason},
		{"a list", strings.Replace(upgradeResponse, "Upgrade: websocket", "Upgrade: websocket, x", 1), granted, NoReason},
		{"100 before", "HTTP/1.1 100 Continue\r\n\r\n" + upgradeResponse, granted, NoReason},
		{"103 twice before", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + upgradeResponse, granted, NoReason},
		{"200", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nil, OtherStatus},
		{"403", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", nil, Forbidden},
		{"100 before 426", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n\r\n", nil, OtherStatus},
		{"101 of another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", nil, OtherProtocol},
	} {
		for _, early := range []bool{false, true} {
			for _, n := range []int{5, 30, 1000} {
				w := newWire(t)
				w.open()
				send := func(from Side, data string) {
					for ; data != ""; data = data[min(n, len(data)):] {
						w.send(from, tcp.PSH|tcp.ACK, data[:min(n, len(data))])
					}
				}
				send(Client, upgradeRequest)
				if early {
					send(Client, masked(true, Text, "hello"))
				}
				send(Server, tt.answer)
				if !early {
					send(Client, masked(true, Text, "hello"))
				}
				send(Server, plain(true, Text, "good"))
				frames, reason := []string(nil), NoReason
				var tr Tracker
				for i := range w.packets {
					for _, u := range add(&tr, &w.packets[i]).Units {
						if u.IsFrame() {
							text, _, _ := strings.Cut(unitText(&u), " =")
							frames = append(frames, string("cs"[u.From])+" "+text)
						} else if u.From == Server && !u.HTTP.Interim() {
							if reason = u.HTTP.NotUpgrade(); reason == NoReason && !u.HTTP.AcceptOK {
								t.Errorf("%s: Accept counts as wrong", tt.name)
							}
						}
					}
				}
				slices.Sort(frames)
				if !slices.Equal(frames, tt.want) || reason != tt.reason {
					t.Errorf("%s, early %v, in segments of %d: %q, %v", tt.name, early, n, frames, reason)
				}
			}
		}
	}
}

// A folded value is one, and what is no field is told of.
func TestParseHead(t *testing.T) {
	h := parseHead([]byte("\r\nGET / HTTP/1.1\r\nA: b,\r\n \tc\r\n\td\nE:f\n\nrest"), 0)
	if h == nil || h.Line != "GET / HTTP/1.1" || len(h.Fields) != 2 || h.Get("a") != "b, c d" || h.Get("e") != "f" || h.Size != 38 || !h.HasToken("A", "B") {
		t.Errorf("got %+v", h)
	}
	for _, incomplete := range []string{"", "\r\n", "GET / HTTP/1.1\r\nA: b\r\n", "GET / HTTP/1.1\r\nA: b\r\n\r"} {
		if h := parseHead([]byte(incomplete), 0); h != nil {
			t.Errorf("%q: %+v", incomplete, h)
		}
	}
}

// What several captures have is read.
func TestCapturesOfHandshakes(t *testing.T) {
	for file, want := range map[string]Reason{"cv_upgrade_list.pcap": NoReason, "67-nginx-noupgrade.pcap": UpgradeTaken} {
		packets := capturetest.Read(t, "testdata/"+file)
		var tr Tracker
		found := false
		for i := range packets {
			for _, u := range add(&tr, &packets[i]).Units {
				if u.Kind == RequestUnit && u.HTTP.Get("Sec-WebSocket-Key") != "" {
					found = true
					if got := u.HTTP.NotUpgrade(); got != want {
						t.Errorf("%s: %v", file, got)
					}
				}
				if u.Kind == ResponseUnit && u.HTTP.Status() == 101 && !u.HTTP.AcceptOK {
					t.Errorf("%s: the key was not read", file)
				}
			}
		}
		if !found {
			t.Errorf("%s: no request", file)
		}
	}
}

// A head that comes byte by byte is found where it ends.
func TestParseHeadInPieces(t *testing.T) {
	for _, head := range []string{upgradeRequest, strings.ReplaceAll(upgradeRequest, "\r\n", "\n"), "\r\n" + upgradeRequest, "\n\nGET / HTTP/1.1\n\r\n"} {
		for held := range len(head) {
			if h := parseHead([]byte(head[:held]), max(0, held-1)); h != nil {
				t.Errorf("%q ends after %d bytes", head, held)
			}
			if h := parseHead([]byte(head+"more"), held); h == nil || h.Size != len(head) {
				t.Errorf("%q, %d bytes of it known: %+v", head, held, h)
			}
		}
	}
}
