package dissect

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket/layers"

	"chatlab/sniffer/tcp"
)

// said is one segment of a protocol.
type said struct {
	from Side
	data string
}

// lengthed puts a length of size bytes before each message, big-endian.
func lengthed(size int, head string, body ...string) string {
	var b strings.Builder
	for _, s := range body {
		n := binary.BigEndian.AppendUint64(nil, uint64(len(s)))
		b.WriteString(head + string(n[8-size:]) + s)
	}
	return b.String()
}

func noise(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// others are protocols whose bytes resemble frames, each a conversation.
func others(r *rand.Rand) map[string][]said {
	all := map[string][]said{}
	add := func(name string, from Side, data string) { all[name] = append(all[name], said{from, data}) }
	add("ssh", Server, "SSH-2.0-OpenSSH_9.2p1\r\n")
	add("ssh", Client, "SSH-2.0-OpenSSH_9.2p1\r\n")
	add("tls", Client, "\x16\x03\x01"+lengthed(2, "", noise(r, 512)))
	add("smb", Client, "\x81\x00\x00\x44 "+strings.Repeat("CK", 16)+"\x00 "+strings.Repeat("EL", 16)+"\x00") // NetBIOS session request
	add("smb", Server, "\x82\x00\x00\x00")
	add("mqtt", Client, "\x10\x16\x00\x04MQTT\x04\x02\x00\x3c\x00\x0aclient-001")
	add("mqtt", Server, "\x20\x02\x00\x00")
	add("mqtt", Client, "\x82\x0c\x00\x01\x00\x07a/topic\x00")
	add("http", Client, "GET /page HTTP/1.1\r\nHost: a\r\n\r\n")
	add("http", Server, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
	for i := range 40 {
		from := Side(i % 2)
		// SSH (RFC 4253 §6): a length of four bytes, then what is random once it is encrypted.
		add("ssh", from, lengthed(4, "", noise(r, 12+r.IntN(600))))
		// SMB over TCP: a zero and a length of three bytes.
		add("smb", from, lengthed(3, "\x00", "\xfeSMB\x40\x00"+noise(r, r.IntN(40))+strings.Repeat("\x00", r.IntN(80))))
		// DNS over TCP (RFC 1035 §4.2.2): a length of two bytes.
		add("dns", from, lengthed(2, "", noise(r, 2)+"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"+strings.Repeat("\x00", r.IntN(60))))
		// MQTT 3.1.1 §2.2: a type, a remaining length.
		add("mqtt", Side(i/3%2), []string{"\xc0\x00", "\xd0\x00", "\x30\x0f\x00\x07a/topichello,"}[i%3])
		// Modbus over TCP: a number, two zeros, a length of two bytes.
		add("modbus", from, fmt.Sprintf("\x00%c\x00\x00\x00\x06\x01\x03\x00\x00\x00\x0a", rune(i)))
		add("tls", from, lengthed(2, "\x17\x03\x03", noise(r, 20+r.IntN(900))))
		add("random", from, noise(r, 1+r.IntN(300)))
		add("zeros", from, strings.Repeat("\x00", 2+r.IntN(300)))
		add("http", Server, noise(r, 1400))
		// BER (X.690 §8.1): a tag of a context, a length.
		add("ber", from, lengthed(1, string([]byte{byte(0x80 + i%8)}), "name\x00\x01"+noise(r, r.IntN(30))))
		// Text behind a length, or behind a type and a length.
		json := fmt.Sprintf(`{"id":%d,"text":"%s"}`, i, strings.Repeat("lorem ipsum ", 6+r.IntN(40)))
		add("json2", from, lengthed(2, "", json))
		add("json4", from, lengthed(4, "", json))
		add("json long", from, lengthed(2, "", strings.Repeat(json, 30))[:1400])
		add("tlv", from, lengthed(1, string([]byte{byte(i % 3)}), json[:32+r.IntN(50)]))
		add("tlvs", from, lengthed(1, "\x01", json[:40+r.IntN(30)])+lengthed(1, "\x00", json[:40]))
		add("bulk", from, noise(r, 1400))
		add("text", from, strings.Repeat("A line of an old protocol.\r\n", 1+i%5))
	}
	return all
}

// conversationOf makes the packets of what is said, from the SYN on or from the
// first segment that carries something.
func conversationOf(t *testing.T, all []said, ports [2]int, syn bool) *wire {
	w := newWire(t)
	w.ports[Client], w.ports[Server] = layers.TCPPort(ports[0]), layers.TCPPort(ports[1])
	if syn {
		w.open()
	}
	for _, s := range all {
		w.send(s.from, tcp.PSH|tcp.ACK, s.data)
	}
	return w
}

// No other protocol is called WebSocket, wherever its capture begins, whichever
// side is taken for the server and however little of each packet was captured.
func TestOtherProtocolsAreNotWebSocket(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 3 {
		for name, all := range others(r) {
			for _, ports := range [][2]int{{50000, 445}, {445, 50000}, {50000, 7272}} {
				for begin := range min(len(all), 6) {
					for _, snaplen := range []int{0, 56, 68, 96} {
						w := conversationOf(t, all[begin:], ports, begin == 0 && round%2 == 0)
						tr := Tracker{ServerPort: uint16(round % 3 / 2 * 7272)}
						for i := range w.packets {
							p := &w.packets[i]
							if snaplen > 0 {
								p.Data = p.Data[:min(snaplen, len(p.Data))]
							}
							e := add(&tr, p)
							if slices.ContainsFunc(e.Units, func(u Unit) bool { return u.Kind == FrameUnit }) || e.Conversation.WebSocket {
								t.Fatalf("%s from segment %d on, ports %d, snaplen %d: packet %d is taken for WebSocket: %x", name, begin, ports, snaplen, i+1, e.Segment.Payload)
							}
						}
					}
				}
			}
		}
	}
}

// A segment of random bytes is next to never evidence, and three in a row never.
func TestRandomBytesProveNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	some := 0
	b := make([]byte, 200)
	const n = 300_000
	for range n {
		b := b[:1+r.IntN(len(b))]
		for i := 0; i < len(b); i += 8 {
			var word [8]byte
			binary.LittleEndian.PutUint64(word[:], r.Uint64())
			copy(b[i:], word[:])
		}
		switch w, _ := weigh(b, 0, Side(r.IntN(2))); w {
		case strong:
			t.Fatalf("%x is called a proof", b)
		case weak:
			some++
		}
	}
	if some > n/2000 {
		t.Errorf("%d of %d random segments look like frames", some, n)
	}
}

// A connection that was seen to begin and asks for nothing is no WebSocket, even
// if its bytes are frames in every respect.
func TestNoUpgradeNoWebSocket(t *testing.T) {
	w := newWire(t)
	w.open()
	for range 5 {
		w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, `{"type":"pong"}`))
		w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, `{"type":"ping"}`))
	}
	if got := say(new(Tracker), w.packets); got != nil {
		t.Errorf("got %q", got)
	}
}

// guesses gives for each frame whether it is said to be a guess.
func guesses(t *Tracker, w *wire) (all []bool) {
	for i := range w.packets {
		e := add(t, &w.packets[i])
		for _, u := range e.Units {
			if u.Kind == FrameUnit {
				all = append(all, u.Guess)
			}
		}
	}
	return all
}

func TestGuess(t *testing.T) {
	hello, ping := `{"type":"say"}`, "\x89\x00"
	for _, tt := range []struct {
		name string
		make func(w *wire)
		want []bool
	}{
		{"begun in the middle", func(w *wire) {
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
		}, []bool{true, true}},
		{"little evidence waits", func(w *wire) {
			w.send(Server, tcp.PSH|tcp.ACK, ping)
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Pong, ""))
			w.send(Server, tcp.PSH|tcp.ACK, ping)
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Pong, ""))
		}, []bool{true, true}},
		{"and does not add up over other bytes", func(w *wire) {
			for range 9 {
				w.send(Server, tcp.PSH|tcp.ACK, ping)
				w.send(Client, tcp.PSH|tcp.ACK, "something else")
			}
		}, nil},
		{"text over several segments", func(w *wire) {
			long := masked(true, Text, strings.Repeat("a long message ", 30))
			w.send(Client, tcp.ACK, long[:100])
			w.send(Client, tcp.PSH|tcp.ACK, long[100:])
		}, []bool{true}},
		{"withdrawn when the next bytes are none", func(w *wire) {
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, "something else")
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
		}, []bool{true}},
		{"withdrawn when text is none", func(w *wire) {
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "\xff\xfe\xfd"))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
		}, []bool{true}},
		{"the handshake was captured", func(w *wire) {
			w.upgrade()
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
		}, []bool{false, false}},
		{"the answer to the request was not", func(w *wire) {
			w.upgrade()
			w.packets = w.packets[:5]
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
			w.send(Client, tcp.ACK, "")
		}, []bool{false}},
		{"the request was not", func(w *wire) {
			w.upgrade()
			w.packets = w.packets[5:]
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
		}, []bool{false, false}},
		{"its request is not understood", func(w *wire) {
			w.open()
			w.send(Client, tcp.PSH|tcp.ACK, strings.Replace(upgradeRequest, "Upgrade: websocket", "Upgrade: h2c, websocket", 1))
			w.send(Server, tcp.PSH|tcp.ACK, upgradeResponse)
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
		}, []bool{false}},
		{"refused", func(w *wire) {
			w.open()
			w.send(Client, tcp.PSH|tcp.ACK, upgradeRequest)
			w.send(Server, tcp.PSH|tcp.ACK, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n")
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
		}, nil},
		{"another request on a connection of pages", func(w *wire) {
			w.open()
			w.send(Client, tcp.PSH|tcp.ACK, "GET /page HTTP/1.1\r\n\r\n")
			w.send(Server, tcp.PSH|tcp.ACK, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
			w.send(Client, tcp.PSH|tcp.ACK, upgradeRequest)
			w.send(Server, tcp.PSH|tcp.ACK, upgradeResponse)
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
		}, []bool{false}},
		{"its first bytes are not in the capture", func(w *wire) {
			w.open()
			w.seq[Client] += 150
			w.seq[Server] += 130
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Server, tcp.ACK, "")
		}, []bool{true, true}},
		{"its first bytes are, and are none", func(w *wire) {
			w.open()
			w.seq[Client] += 150
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, hello))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, hello))
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWire(t)
			tt.make(w)
			var tr Tracker
			if got := guesses(&tr, w); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			c := tr.used.Back().Value.(*Conversation)
			if want := len(tt.want) > 0 && !strings.HasPrefix(tt.name, "withdrawn"); c.WebSocket != want {
				t.Errorf("WebSocket: %v", c.WebSocket)
			}
		})
	}
}

// TestBegunInTheMiddle: a stream whose handshake was not captured is read, also
// where its messages are in fragments or are longer than a segment.
func TestBegunInTheMiddle(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	text := strings.Repeat(`{"data":"lorem ipsum, 消息"}`, 40)
	send := func(w *wire, from Side, data string) {
		const mss = 700
		for len(data) > 0 {
			n := min(mss, len(data))
			w.send(from, tcp.PSH|tcp.ACK, data[:n])
			data = data[n:]
		}
	}
	frame := func(from Side, fin bool, rsv uint8, o Opcode, data string) string {
		h := FrameHeader{Fin: fin, RSV: rsv, Opcode: o, Masked: from == Client}
		if h.Masked {
			copy(h.Key[:], noise(r, 4))
		}
		return string(AppendFrame(nil, h, []byte(data)))
	}
	inParts := func(w *wire, from Side, data string, size int) {
		o := Text
		for len(data) > 0 {
			n := min(size, len(data))
			send(w, from, frame(from, n == len(data), 0, o, data[:n]))
			data, o = data[n:], Continuation
		}
	}
	for _, tt := range []struct {
		name  string
		round func(w *wire)
		each  int // frames in a round
		late  int // of all, before it is known
	}{
		{"fragments from the client", func(w *wire) { inParts(w, Client, text, 250); send(w, Server, frame(Server, true, 0, Text, "ok")) }, 6, 0},
		{"fragments from the server", func(w *wire) { inParts(w, Server, text, 250); send(w, Client, frame(Client, true, 0, Text, "ok")) }, 6, 0},
		{"long fragments from the client", func(w *wire) {
			inParts(w, Client, text+text, 1600)
			send(w, Server, frame(Server, true, 0, Text, "ok"))
		}, 3, 0},
		{"long fragments from the server", func(w *wire) {
			inParts(w, Server, text+text, 1600)
			send(w, Client, frame(Client, true, 0, Text, "ok"))
		}, 3, 3},
		{"long binary answers", func(w *wire) {
			send(w, Client, frame(Client, true, 0, Binary, "\x03\x01\x00\x00\x00\x00\x04\x00\x03\x00"))
			send(w, Server, frame(Server, true, 0, Binary, noise(r, 9000)))
		}, 2, 3},
		{"long compressed messages", func(w *wire) {
			send(w, Server, frame(Server, true, 4, Text, noise(r, 3000)))
			send(w, Client, frame(Client, true, 4, Text, noise(r, 9)))
		}, 2, 3},
		{"long binary messages from the client", func(w *wire) {
			send(w, Client, frame(Client, true, 0, Binary, noise(r, 3000)))
			send(w, Server, frame(Server, true, 0, Binary, noise(r, 9)))
		}, 2, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWire(t)
			w.ports = [2]layers.TCPPort{50000, 7272}
			const rounds = 10
			for range rounds {
				tt.round(w)
			}
			var tr Tracker
			if got, want := len(guesses(&tr, w)), tt.each*rounds-tt.late; got < want {
				t.Errorf("%d frames, want %d", got, want)
			}
		})
	}
}

// TestHandshakeInPieces: the handshake is read wherever its segments are cut.
func TestHandshakeInPieces(t *testing.T) {
	for _, from := range []Side{Client, Server} {
		for size := range 10 {
			w := newWire(t)
			w.open()
			for _, part := range []said{{Client, upgradeRequest}, {Server, upgradeResponse}} {
				data := part.data
				for part.from == from && len(data) > size+1 {
					w.send(from, tcp.PSH|tcp.ACK, data[:size+1])
					data = data[size+1:]
				}
				w.send(part.from, tcp.PSH|tcp.ACK, data)
			}
			w.send(Client, tcp.PSH|tcp.ACK, masked(true, Text, "hello"))
			w.send(Server, tcp.PSH|tcp.ACK, plain(true, Text, "hello"))
			var tr Tracker
			if got := guesses(&tr, w); !slices.Equal(got, []bool{false, false}) {
				t.Errorf("%v in pieces of %d: %v", from, size+1, got)
			}
		}
	}
}

// FuzzOtherProtocol: a connection that was seen to begin without HTTP is no
// WebSocket, whatever passes on it.
func FuzzOtherProtocol(f *testing.F) {
	f.Add([]byte(masked(true, Text, "hello")), []byte(plain(true, Text, "hello")), uint16(40))
	f.Add([]byte("\x00\x1d"), []byte("SSH-2.0"), uint16(0))
	f.Fuzz(func(t *testing.T, client, server []byte, cut uint16) {
		if request, _ := startsHTTP(client); request || len(client) == 0 || len(client) > 60000 || len(server) > 60000 {
			return
		}
		w := newWire(t)
		w.open()
		n := int(cut)%len(client) + 1
		w.send(Client, tcp.ACK, string(client[:n]))
		w.send(Server, tcp.ACK, string(server))
		w.send(Client, tcp.ACK, string(client[n:]))
		var tr Tracker
		for i := range w.packets {
			e := add(&tr, &w.packets[i])
			if e.Conversation.WebSocket || slices.ContainsFunc(e.Units, func(u Unit) bool { return u.Kind == FrameUnit }) {
				if slices.ContainsFunc(e.Units, func(u Unit) bool { return u.Kind != FrameUnit }) {
					return // the server's answer grants it
				}
				t.Fatalf("packet %d is taken for WebSocket", i+1)
			}
		}
	})
}
