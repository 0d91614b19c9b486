// Package checktest makes captures of the scenario for tests, in all its
// variations.
package checktest

import (
	"encoding/binary"
	"net"
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
