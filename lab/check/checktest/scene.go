// Package checktest makes captures of the scenario for tests, in all its
// variations.
package checktest

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

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

const (
	client = dissect.Client
	server = dissect.Server
	push   = tcp.PSH | tcp.ACK
)

// Scene makes the packets of a capture, one after another.
type Scene struct {
	T    testing.TB
	V6   bool
	Link capture.LinkType
	Now  time.Time
	ID   uint16
	// Jitter, if not 0, seeds what differs from run to run: the server's
	// sequence numbers, handshake and masking keys, and how long each packet takes.
	Jitter  uint64
	Packets []capture.Packet
}

// New makes an empty scene on Ethernet over IPv4.
func New(t testing.TB) *Scene {
	return &Scene{T: t, Link: capture.Ethernet, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), ID: 1000}
}

// Conn is one connection in a scene.
type Conn struct {
	S     *Scene
	Ports [2]uint16
	Seq   [2]uint32
	// MSS, if not 0, is the most that one segment carries.
	MSS int
	// Quiet: nobody acknowledges with a packet of its own.
	Quiet bool
}

// random gives a number below n that the seed decides, or 0.
func (s *Scene) random(n uint64) uint64 {
	if s.Jitter == 0 {
		return 0
	}
	// xorshift64
	s.Jitter ^= s.Jitter << 13
	s.Jitter ^= s.Jitter >> 7
	s.Jitter ^= s.Jitter << 17
	return s.Jitter % n
}

// Conn makes a connection from a port to the chat's that has sent nothing yet.
func (s *Scene) Conn(port uint16) *Conn {
	return &Conn{S: s, Ports: [2]uint16{port, scenario.ServerPort}, Seq: [2]uint32{4294967200 + uint32(port), 77*uint32(port) + uint32(s.random(1<<32))}}
}

// Pass lets time pass.
func (s *Scene) Pass(d time.Duration) { s.Now = s.Now.Add(d) }

// Segment makes one segment; what it carries advances the side's number.
func (c *Conn) Segment(from dissect.Side, flags tcp.Flags, payload string) {
	c.S.add(c.Ports[from], c.Ports[from.Other()], c.Seq[from], c.Seq[from.Other()], flags, payload)
	c.Seq[from] += uint32(len(payload))
	if flags&(tcp.SYN|tcp.FIN) != 0 {
		c.Seq[from]++
	}
}

func (s *Scene) add(src, dst uint16, seq, ack uint32, flags tcp.Flags, payload string) {
	s.T.Helper()
	s.ID++
	tcp := &layers.TCP{SrcPort: layers.TCPPort(src), DstPort: layers.TCPPort(dst), Seq: seq, Window: 512,
		SYN: flags&tcp.SYN != 0, ACK: flags&tcp.ACK != 0, PSH: flags&tcp.PSH != 0, FIN: flags&tcp.FIN != 0, RST: flags&tcp.RST != 0}
	if tcp.ACK {
		tcp.Ack = ack
	}
	stamp := binary.BigEndian.AppendUint64(nil, uint64(s.Now.UnixMilli())<<32)
	tcp.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindTimestamps, OptionLength: 10, OptionData: stamp}}
	if s.V6 {
		ip := &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: net.IPv6loopback, DstIP: net.IPv6loopback}
		s.frame(ip, tcp, gopacket.Payload(payload))
		return
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Id: s.ID, Protocol: layers.IPProtocolTCP, SrcIP: net.IPv4(127, 0, 0, 1), DstIP: net.IPv4(127, 0, 0, 1)}
	s.frame(ip, tcp, gopacket.Payload(payload))
}

// frame puts the scene's link layer around an IP packet.
func (s *Scene) frame(all ...gopacket.SerializableLayer) {
	s.T.Helper()
	if tcp, ok := all[1].(*layers.TCP); ok {
		if err := tcp.SetNetworkLayerForChecksum(all[0].(gopacket.NetworkLayer)); err != nil {
			s.T.Fatal(err)
		}
	}
	buffer := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, all...); err != nil {
		s.T.Fatal(err)
	}
	etherType := uint16(layers.EthernetTypeIPv4)
	if s.V6 {
		etherType = uint16(layers.EthernetTypeIPv6)
	}
	var head []byte
	switch s.Link {
	case capture.Ethernet:
		head = binary.BigEndian.AppendUint16(make([]byte, 12), etherType)
	case capture.LinuxSLL:
		head = binary.BigEndian.AppendUint16([]byte{0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}, etherType)
	case capture.LinuxSLL2:
		head = append(binary.BigEndian.AppendUint16(nil, etherType), 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0)
	case capture.Raw:
	default:
		s.T.Fatalf("no link type %d here", s.Link)
	}
	data := append(head, buffer.Bytes()...)
	s.Packets = append(s.Packets, capture.Packet{Time: s.Now, LinkType: s.Link, Length: len(data), Data: data})
	s.Pass(20*time.Microsecond + time.Duration(s.random(100))*time.Microsecond)
}

// Open shakes hands.
func (c *Conn) Open() {
	c.Segment(client, tcp.SYN, "")
	c.Segment(server, tcp.SYN|tcp.ACK, "")
	c.Segment(client, tcp.ACK, "")
}

// Data sends bytes and has them acknowledged, if nobody is quiet.
func (c *Conn) Data(from dissect.Side, bytes string) {
	for mss := c.MSS; mss > 0 && len(bytes) > mss; bytes = bytes[mss:] {
		c.Segment(from, tcp.ACK, bytes[:mss])
	}
	c.Segment(from, push, bytes)
	if !c.Quiet {
		c.Ack(from.Other())
	}
}

// Ack makes a bare acknowledgement.
func (c *Conn) Ack(from dissect.Side) { c.Segment(from, tcp.ACK, "") }

// Say sends a frame, as a side does.
func (c *Conn) Say(from dissect.Side, text string) {
	h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: from == client, Key: c.S.key()}
	c.Data(from, string(dissect.AppendFrame(nil, h, []byte(text))))
}

// key gives a masking key: that of the documented message, or a random one.
func (s *Scene) key() (k [4]byte) {
	binary.BigEndian.PutUint32(k[:], 0x3c313744^uint32(s.random(1<<32)))
	return k
}

// Frame makes a text frame, masked if the client sends it.
func Frame(from dissect.Side, text string) string {
	h := dissect.FrameHeader{Fin: true, Opcode: dissect.Text, Masked: from == client, Key: [4]byte{0x3c, 0x31, 0x37, 0x44}}
	return string(dissect.AppendFrame(nil, h, []byte(text)))
}

// Browser is how a browser asks.
type Browser string

// Two browsers of 2025.
const (
	Firefox Browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\nAccept: */*\r\n" +
		"Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:55151\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: KEY\r\nConnection: keep-alive, Upgrade\r\nSec-Fetch-Dest: empty\r\n" +
		"Sec-Fetch-Mode: websocket\r\nSec-Fetch-Site: same-site\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUpgrade: websocket\r\n\r\n"
	Chrome Browser = "Connection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 " +
		"(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\nOrigin: http://127.0.0.1:55151\r\nSec-WebSocket-Version: 13\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\nSec-WebSocket-Key: KEY\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)

// Cast says who plays, and how.
type Cast struct {
	Today     bool // today's dialect
	PHP       bool // the PHP original serves: its header, its double escapes, its order
	Browser   Browser
	Extra     string // header fields in the server's response
	Nick      string
	Message   string
	Alone     bool   // no other browser
	Port      uint16 // of the newcomer, or the documented one
	MSS       int
	Quiet     bool
	Apart     bool // the other browser is in another room
	BadAccept bool
}

// Play plays the scenario and gives the newcomer's connection.
func (s *Scene) Play(c Cast) (newcomer, other *Conn) {
	if c.Nick == "" {
		c.Nick = scenario.Nick
	}
	if c.Message == "" {
		c.Message = scenario.Message
	}
	if c.Port == 0 {
		c.Port = scenario.NewcomerPort
	}
	if !c.Alone {
		other = s.Conn(scenario.EarlierPort)
		s.Enter(other, c)
		room := 1
		if c.Apart {
			room = 2
		}
		s.Login(other, nil, scenario.EarlierNick, room, c)
	}
	s.Pass(time.Minute)
	newcomer = s.Conn(c.Port)
	newcomer.MSS, newcomer.Quiet = c.MSS, c.Quiet
	s.Enter(newcomer, c)
	s.Pass(time.Second)
	hearing := other
	if c.Apart {
		hearing = nil
	}
	s.Login(newcomer, hearing, c.Nick, 1, c)
	s.Pass(time.Second)
	s.Speak(newcomer, hearing, c.Nick, c.Message, c)
	return newcomer, other
}

// Enter opens a WebSocket.
func (s *Scene) Enter(n *Conn, c Cast) {
	if c.Browser == "" {
		c.Browser = Firefox
	}
	key := fmt.Sprintf("dGhlIHNhbXBsZSBub%07d=", uint64(n.Ports[0])+s.random(9_000_000))
	n.Open()
	n.Data(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\n"+strings.Replace(string(c.Browser), "KEY", key, 1))
	accept := dissect.Accept(key)
	if c.BadAccept {
		accept = dissect.Accept(key + " ")
	}
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + accept + "\r\n" + c.Extra
	if c.PHP {
		response += "Server: workerman/4.2.1\r\n"
	}
	n.Data(server, response+"\r\n")
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

// UID gives the id that the server gave to who is on the connection.
func (n *Conn) UID(c Cast) string {
	if c.Today {
		return fmt.Sprintf("7f00000108fc%08d", n.Ports[0])
	}
	return fmt.Sprintf("7837%d", n.Ports[0])
}

// Login logs n in; other, if not nil, hears of it.
func (s *Scene) Login(n, other *Conn, nick string, room int, c Cast) {
	if !c.Today {
		n.Say(client, `{"type":"login","name":`+text(nick)+`}`)
		list := `{"uid":` + n.UID(c) + `,"name":` + text(escaped(nick)) + `}`
		if other != nil {
			list = `{"uid":` + other.UID(c) + `,"name":"\u732a\u732a"},` + list
		}
		n.Say(server, `{"type":"user_list","user_list":[`+list+`]}`)
		event := `{"type":"login","uid":` + n.UID(c) + `,"name":` + text(escaped(nick)) + `,"time":"2014-08-12 17:50:30"}`
		n.Say(server, event)
		if other != nil {
			other.Say(server, event)
		}
		return
	}
	n.Say(client, fmt.Sprintf(`{"type":"login","client_name":%s,"room_id":%d}`, text(nick), room))
	name := escaped(nick)
	if c.PHP {
		name = escaped(name)
	}
	event := `{"type":"login","client_id":"` + n.UID(c) + `","client_name":` + text(name) + `,"time":"2026-11-24 09:01:01"`
	list := `"` + n.UID(c) + `":` + text(escaped(nick))
	if other != nil {
		other.Say(server, event+"}")
		list = `"` + other.UID(c) + `":"\u732a\u732a",` + list
	}
	n.Say(server, event+`,"client_list":{`+list+`}}`)
}

// Speak says something to all; other, if not nil, hears it.
func (s *Scene) Speak(n, other *Conn, nick, message string, c Cast) {
	var event string
	if c.Today {
		n.Say(client, `{"type":"say","to_client_id":"all","to_client_name":"所有人","content":`+text(message)+`}`)
		event = `{"type":"say","from_client_id":"` + n.UID(c) + `","from_client_name":` + text(escaped(nick)) +
			`,"to_client_id":"all","content":` + text(escaped(message)) + `,"time":"2026-11-24 09:01:02"}`
	} else {
		n.Say(client, `{"type":"say","to_uid":"all","content":`+text(message)+`}`)
		event = `{"type":"say","from_uid":` + n.UID(c) + `,"to_uid":"all","content":` + text(escaped(message)) + `,"time":"2014-08-12 :51:02"}`
	}
	if c.PHP && other != nil {
		other.Say(server, event)
	}
	n.Say(server, event)
	if !c.PHP && other != nil {
		other.Say(server, event)
	}
}

// UDP adds a packet that has nothing to do with the chat.
func (s *Scene) UDP(payload string) {
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: net.IPv4(127, 0, 0, 1), DstIP: net.IPv4(127, 0, 0, 1)}
	udp := &layers.UDP{SrcPort: scenario.ServerPort, DstPort: 53}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		s.T.Fatal(err)
	}
	v6 := s.V6
	s.V6 = false
	s.frame(ip, udp, gopacket.Payload(payload))
	s.V6 = v6
}
