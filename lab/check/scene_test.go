package check

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

const (
	client = dissect.Client
	server = dissect.Server
	push   = dissect.PSH | dissect.ACK
)

// scene makes the packets of a capture, one after another.
type scene struct {
	t       testing.TB
	v6      bool
	link    capture.LinkType
	now     time.Time
	id      uint16
	packets []capture.Packet
}

func newScene(t testing.TB) *scene {
	return &scene{t: t, link: capture.Ethernet, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), id: 1000}
}

// conn is one connection in a scene.
type conn struct {
	s     *scene
	ports [2]uint16
	seq   [2]uint32
	// mss, if not 0, is the most that one segment carries.
	mss int
	// quiet: nobody acknowledges with a packet of its own.
	quiet bool
}

func (s *scene) conn(port uint16) *conn {
	return &conn{s: s, ports: [2]uint16{port, 7272}, seq: [2]uint32{4294967200 + uint32(port), 77 * uint32(port)}}
}

// pass lets time pass.
func (s *scene) pass(d time.Duration) { s.now = s.now.Add(d) }

// segment makes one segment; what it carries advances the side's number.
func (c *conn) segment(from dissect.Side, flags dissect.Flags, payload string) {
	c.s.add(c.ports[from], c.ports[from.Other()], c.seq[from], c.seq[from.Other()], flags, payload)
	c.seq[from] += uint32(len(payload))
	if flags&(dissect.SYN|dissect.FIN) != 0 {
		c.seq[from]++
	}
}

func (s *scene) add(src, dst uint16, seq, ack uint32, flags dissect.Flags, payload string) {
	s.t.Helper()
	s.id++
	tcp := &layers.TCP{SrcPort: layers.TCPPort(src), DstPort: layers.TCPPort(dst), Seq: seq, Window: 512,
		SYN: flags&dissect.SYN != 0, ACK: flags&dissect.ACK != 0, PSH: flags&dissect.PSH != 0, FIN: flags&dissect.FIN != 0, RST: flags&dissect.RST != 0}
	if tcp.ACK {
		tcp.Ack = ack
	}
	stamp := binary.BigEndian.AppendUint64(nil, uint64(s.now.UnixMilli())<<32)
	tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindTimestamps, OptionLength: 10, OptionData: stamp}}
	if s.v6 {
		ip := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: net.IPv6loopback, DstIP: net.IPv6loopback}
		s.frame(ip, tcp, gopacket.Payload(payload))
		return
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Id: s.id, Protocol: layers.IPProtocolTCP, SrcIP: net.IPv4(127, 0, 0, 1), DstIP: net.IPv4(127, 0, 0, 1)}
	s.frame(ip, tcp, gopacket.Payload(payload))
}

// frame puts the scene's link layer around an IP packet.
func (s *scene) frame(all ...gopacket.SerializableLayer) {
	s.t.Helper()
	if tcp, ok := all[1].(*layers.TCP); ok {
		if err := tcp.SetNetworkLayerForChecksum(all[0].(gopacket.NetworkLayer)); err != nil {
			s.t.Fatal(err)
		}
	}
	buffer := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		s.t.Fatal(err)
	}
	etherType := uint16(layers.EthernetTypeIPv4)
	if s.v6 {
		etherType = uint16(layers.EthernetTypeIPv6)
	}
	var head []byte
	switch s.link {
	case capture.Ethernet:
		head = binary.BigEndian.AppendUint16(make([]byte, 12), etherType)
	case capture.LinuxSLL:
		head = binary.BigEndian.AppendUint16([]byte{0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}, etherType)
	case capture.LinuxSLL2:
		head = append(binary.BigEndian.AppendUint16(nil, etherType), 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0)
	case capture.Raw:
	default:
		s.t.Fatalf("no link type %d here", s.link)
	}
	data := append(head, buffer.Bytes()...)
	s.packets = append(s.packets, capture.Packet{Time: s.now, LinkType: s.link, Length: len(data), Data: data})
	s.pass(20 * time.Microsecond)
}

func (c *conn) open() {
	c.segment(client, dissect.SYN, "")
	c.segment(server, dissect.SYN|dissect.ACK, "")
	c.segment(client, dissect.ACK, "")
}

// data sends bytes and has them acknowledged, if nobody is quiet.
func (c *conn) data(from dissect.Side, bytes string) {
	for mss := c.mss; mss > 0 && len(bytes) > mss; bytes = bytes[mss:] {
		c.segment(from, dissect.ACK, bytes[:mss])
	}
	c.segment(from, push, bytes)
	if !c.quiet {
		c.ack(from.Other())
	}
}

func (c *conn) ack(from dissect.Side) { c.segment(from, dissect.ACK, "") }

// say sends a frame, as a side does.
func (c *conn) say(from dissect.Side, text string) { c.data(from, frame(from, text)) }

func frame(from dissect.Side, text string) string {
	h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: from == client, Key: [4]byte{0x3c, 0x31, 0x37, 0x44}}
	return string(dissect.AppendFrame(nil, h, []byte(text)))
}

// browser is how a browser asks.
type browser string

const (
	firefox browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\nAccept: */*\r\n" +
		"Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:55151\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: KEY\r\nConnection: keep-alive, Upgrade\r\nSec-Fetch-Dest: empty\r\n" +
		"Sec-Fetch-Mode: websocket\r\nSec-Fetch-Site: same-site\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUpgrade: websocket\r\n\r\n"
	chrome browser = "Connection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 " +
		"(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\nOrigin: http://127.0.0.1:55151\r\nSec-WebSocket-Version: 13\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: KEY\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)

// cast says who plays, and how.
type cast struct {
	today     bool
	php       bool // the PHP original serves: its header, its double escapes, its order
	browser   browser
	extra     string // header fields in the server's response
	nick      string
	message   string
	alone     bool   // no other browser
	port      uint16 // of the newcomer, or 60653
	mss       int
	quiet     bool
	apart     bool // the other browser is in another room
	badAccept bool
}

// play plays the scenario and gives the newcomer's connection.
func (s *scene) play(c cast) (newcomer, other *conn) {
	if c.nick == "" {
		c.nick = DefaultNick
	}
	if c.message == "" {
		c.message = DefaultMessage
	}
	if c.port == 0 {
		c.port = 60653
	}
	if !c.alone {
		other = s.conn(60584)
		s.enter(other, c)
		room := 1
		if c.apart {
			room = 2
		}
		s.login(other, nil, "猪猪", room, c)
	}
	s.pass(time.Minute)
	newcomer = s.conn(c.port)
	newcomer.mss, newcomer.quiet = c.mss, c.quiet
	s.enter(newcomer, c)
	s.pass(time.Second)
	hearing := other
	if c.apart {
		hearing = nil
	}
	s.login(newcomer, hearing, c.nick, 1, c)
	s.pass(time.Second)
	s.speak(newcomer, hearing, c.nick, c.message, c)
	return newcomer, other
}

func (s *scene) enter(n *conn, c cast) {
	if c.browser == "" {
		c.browser = firefox
	}
	key := fmt.Sprintf("dGhlIHNhbXBsZSBub25j%03d=", n.ports[0]%1000)
	n.open()
	n.data(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n"+strings.Replace(string(c.browser), "KEY", key, 1))
	accept := dissect.Accept(key)
	if c.badAccept {
		accept = dissect.Accept(key + " ")
	}
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + accept + "\r\n" + c.extra
	if c.php {
		response += "Server: workerman/4.2.1\r\n"
	}
	n.data(server, response+"\r\n")
}

// text is a JSON string as PHP writes it, near enough.
func text(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("/", `\/`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace(s)
}

func (n *conn) uid(c cast) string {
	if c.today {
		return fmt.Sprintf("7f00000108fc%08d", n.ports[0])
	}
	return fmt.Sprintf("7837%d", n.ports[0])
}

func (s *scene) login(n, other *conn, nick string, room int, c cast) {
	if !c.today {
		n.say(client, `{"type":"login","name":`+text(nick)+`}`)
		list := `{"uid":` + n.uid(c) + `,"name":` + text(escaped(nick)) + `}`
		if other != nil {
			list = `{"uid":` + other.uid(c) + `,"name":"\u732a\u732a"},` + list
		}
		n.say(server, `{"type":"user_list","user_list":[`+list+`]}`)
		event := `{"type":"login","uid":` + n.uid(c) + `,"name":` + text(escaped(nick)) + `,"time":"2014-08-12 17:50:30"}`
		n.say(server, event)
		if other != nil {
			other.say(server, event)
		}
		return
	}
	n.say(client, fmt.Sprintf(`{"type":"login","client_name":%s,"room_id":%d}`, text(nick), room))
	name := escaped(nick)
	if c.php {
		name = escaped(name)
	}
	event := `{"type":"login","client_id":"` + n.uid(c) + `","client_name":` + text(name) + `,"time":"2026-11-24 09:01:01"`
	list := `"` + n.uid(c) + `":` + text(escaped(nick))
	if other != nil {
		other.say(server, event+"}")
		list = `"` + other.uid(c) + `":"\u732a\u732a",` + list
	}
	n.say(server, event+`,"client_list":{`+list+`}}`)
}

func (s *scene) speak(n, other *conn, nick, message string, c cast) {
	var event string
	if c.today {
		n.say(client, `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":`+text(message)+`}`)
		event = `{"type":"say","from_client_id":"` + n.uid(c) + `","from_client_name":` + text(escaped(nick)) +
			`,"to_client_id":"all","content":` + text(escaped(message)) + `,"time":"2026-11-24 09:01:02"}`
	} else {
		n.say(client, `{"type":"say","to_uid":"all","content":`+text(message)+`}`)
		event = `{"type":"say","from_uid":` + n.uid(c) + `,"to_uid":"all","content":` + text(escaped(message)) + `,"time":"2014-08-12 :51:02"}`
	}
	if c.php && other != nil {
		other.say(server, event)
	}
	n.say(server, event)
	if !c.php && other != nil {
		other.say(server, event)
	}
}

// udp adds a packet that has nothing to do with the chat.
func (s *scene) udp(payload string) {
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: net.IPv4(127, 0, 0, 1), DstIP: net.IPv4(127, 0, 0, 1)}
	udp := &layers.UDP{SrcPort: 7272, DstPort: 53}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		s.t.Fatal(err)
	}
	v6 := s.v6
	s.v6 = false
	s.frame(ip, udp, gopacket.Payload(payload))
	s.v6 = v6
}
