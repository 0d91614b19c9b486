package dissect

import (
	"net"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// wire makes the packets of one connection between two ports on loopback.
type wire struct {
	t       *testing.T
	ports   [2]layers.TCPPort
	seq     [2]uint32
	window  uint16
	packets []capture.Packet
}

func newWire(t *testing.T) *wire {
	return &wire{t: t, ports: [2]layers.TCPPort{60653, 7272}, seq: [2]uint32{4294967000, 77}, window: 256}
}

func (w *wire) open() {
	w.send(Client, tcp.SYN, "")
	w.send(Server, tcp.SYN|tcp.ACK, "")
	w.send(Client, tcp.ACK, "")
}

// send makes one segment; what it carries advances the side's sequence number.
func (w *wire) send(from Side, flags tcp.Flags, payload string) {
	w.t.Helper()
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP,
		SrcIP: net.IPv4(127, 0, 0, 1), DstIP: net.IPv4(127, 0, 0, 1)}
	segment := &layers.TCP{SrcPort: w.ports[from], DstPort: w.ports[from.Other()], Seq: w.seq[from], Window: w.window,
		SYN: flags&tcp.SYN != 0, ACK: flags&tcp.ACK != 0, PSH: flags&tcp.PSH != 0, FIN: flags&tcp.FIN != 0, RST: flags&tcp.RST != 0}
	if segment.ACK {
		segment.Ack = w.seq[from.Other()]
	}
	if err := segment.SetNetworkLayerForChecksum(ip); err != nil {
		w.t.Fatal(err)
	}
	buffer := gopacket.NewSerializeBuffer()
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(buffer, options, ip, segment, gopacket.Payload(payload)); err != nil {
		w.t.Fatal(err)
	}
	w.packets = append(w.packets, capture.Packet{
		Time: time.Unix(1407837000, int64(len(w.packets))*1000), LinkType: capture.Raw,
		Length: len(buffer.Bytes()), Data: buffer.Bytes(),
	})
	w.seq[from] += uint32(len(payload))
	if flags&(tcp.SYN|tcp.FIN) != 0 {
		w.seq[from]++
	}
}

// add decodes a packet and gives it to t. It is nil where there is no segment.
func add(t *Tracker, p *capture.Packet) *Event {
	var s Segment
	if s.Decode(p) != nil {
		return nil
	}
	return t.Add(&s)
}

const (
	upgradeRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1:7272\r\nUpgrade: websocket\r\n" +
		"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	// The answer to RFC 6455 §1.3's sample key.
	upgradeResponse = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)

func (w *wire) upgrade() {
	w.open()
	w.send(Client, tcp.PSH|tcp.ACK, upgradeRequest)
	w.send(Server, tcp.ACK, "")
	w.send(Server, tcp.PSH|tcp.ACK, upgradeResponse)
	w.send(Client, tcp.ACK, "")
}

func masked(fin bool, op Opcode, text string) string {
	return string(AppendFrame(nil, FrameHeader{Fin: fin, Opcode: op, Masked: true, Key: [4]byte{0x3c, 0x31, 0x37, 0x44}}, []byte(text)))
}

func plain(fin bool, op Opcode, text string) string {
	return string(AppendFrame(nil, FrameHeader{Fin: fin, Opcode: op}, []byte(text)))
}
