package annotate

import (
	"net/netip"
	"testing"

	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// line is one connection whose segments are made by a test, the handshakes behind it.
type line struct {
	tracker   dissect.Tracker
	annotator Annotator
	seq       [2]uint32
	acked     [2]uint32 // up to where the other side of it has acknowledged
}

func newLine() *line {
	l := &line{seq: [2]uint32{1000, 2000}}
	l.send(dissect.Client, tcp.SYN, "")
	l.send(dissect.Server, tcp.SYN|tcp.ACK, "")
	l.ack(dissect.Client)
	l.send(dissect.Client, tcp.PSH|tcp.ACK, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	l.send(dissect.Server, tcp.PSH|tcp.ACK, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	l.ack(dissect.Client)
	return l
}

// send makes a segment that acknowledges all that was sent, and tells whether it
// belongs to heartbeats alone.
func (l *line) send(from dissect.Side, flags tcp.Flags, payload string) bool {
	l.acked[from] = l.seq[from.Other()]
	only := l.sendAt(from, l.seq[from], flags, payload)
	l.seq[from] += uint32(len(payload))
	if flags&(tcp.SYN|tcp.FIN) != 0 {
		l.seq[from]++
	}
	return only
}

// sendAt makes a segment of that number, which acknowledges no more than before.
func (l *line) sendAt(from dissect.Side, seq uint32, flags tcp.Flags, payload string) bool {
	ends := [2]netip.AddrPort{netip.MustParseAddrPort("10.0.0.2:50000"), netip.MustParseAddrPort("10.0.0.1:7272")}
	s := &dissect.Segment{Src: ends[from], Dst: ends[from.Other()], Seq: seq, Flags: flags, Window: 500, Payload: []byte(payload), Length: len(payload)}
	if flags&tcp.ACK != 0 {
		s.Ack = l.acked[from]
	}
	return l.annotator.Add(l.tracker.Add(s)).Heartbeat
}

func (l *line) ack(from dissect.Side) bool { return l.send(from, tcp.ACK, "") }

func text(from dissect.Side, payload string) string { return message(from, dissect.Text, payload) }

func message(from dissect.Side, o dissect.Opcode, payload string) string {
	return string(dissect.AppendFrame(nil, dissect.FrameHeader{Fin: true, Opcode: o, Masked: from == dissect.Client, Key: [4]byte{1, 2, 3, 4}}, []byte(payload)))
}

// What a packet is by itself and by what came before it decides; true is a heartbeat's.
func TestHeartbeats(t *testing.T) {
	const client, server, data = dissect.Client, dissect.Server, tcp.PSH | tcp.ACK
	ping, pong := text(server, `{"type":"ping"}`), text(client, `{"type":"pong"}`)
	for _, tt := range []struct {
		name string
		play func(l *line) []bool
		want []bool
	}{
		{"four packets, twice", func(l *line) (got []bool) {
			for range 2 {
				got = append(got, l.send(server, data, ping), l.ack(client), l.send(client, data, pong), l.ack(server))
			}
			return got
		}, []bool{true, true, true, true, true, true, true, true}},
		{"the pong acknowledges too", func(l *line) []bool {
			return []bool{l.send(server, data, ping), l.send(client, data, pong), l.ack(server)}
		}, []bool{true, true, true}},
		{"WebSocket's, both ways", func(l *line) []bool {
			return []bool{
				l.send(server, data, message(server, dissect.Ping, "x")), l.send(client, data, message(client, dissect.Pong, "x")), l.ack(server),
				l.send(client, data, message(client, dissect.Ping, "")), l.send(server, data, message(server, dissect.Pong, "")), l.ack(client),
			}
		}, []bool{true, true, true, true, true, true}},
		{"a ping that asks again for want of an answer", func(l *line) []bool {
			return []bool{l.send(server, data, ping), l.ack(client), l.send(server, data, ping), l.ack(client), l.send(client, data, pong), l.ack(server)}
		}, []bool{true, true, false, false, true, true}},
		{"a retransmission, and the answer to it", func(l *line) []bool {
			at := l.seq[server]
			return []bool{l.send(server, data, ping), l.sendAt(server, at, data, ping), l.ack(client), l.ack(client), l.send(client, data, pong)}
		}, []bool{true, false, false, false, true}},
		{"lost, and behind the loss", func(l *line) []bool {
			l.seq[server] += 7
			return []bool{l.send(server, data, ping), l.ack(client)}
		}, []bool{false, false}},
		{"behind bytes that the capture does not have", func(l *line) []bool {
			l.seq[server] += 7
			return []bool{l.ack(client), l.send(server, data, ping), l.ack(client)}
		}, []bool{false, false, false}},
		{"a keep-alive that acknowledges it", func(l *line) []bool {
			only := l.send(server, data, ping)
			l.acked[client] = l.seq[server]
			return []bool{only, l.sendAt(client, l.seq[client]-1, tcp.ACK, "")}
		}, []bool{true, false}},
		{"split over two segments", func(l *line) []bool {
			return []bool{l.send(server, data, ping[:5]), l.send(server, data, ping[5:]), l.ack(client)}
		}, []bool{false, false, false}},
		{"with a message in one segment", func(l *line) []bool {
			return []bool{l.send(server, data, ping+text(server, `{"type":"logout"}`)), l.ack(client)}
		}, []bool{false, false}},
		{"two heartbeats in one segment", func(l *line) []bool {
			return []bool{l.send(server, data, ping+message(server, dissect.Ping, "")), l.ack(client)}
		}, []bool{true, true}},
		{"one that acknowledges a message", func(l *line) []bool {
			return []bool{l.send(client, data, text(client, `{"type":"say"}`)), l.send(server, data, ping), l.ack(client)}
		}, []bool{false, false, false}},
		{"an acknowledgement of a message too", func(l *line) []bool {
			return []bool{l.send(server, data, ping), l.send(server, data, text(server, `{"type":"logout"}`)), l.ack(client)}
		}, []bool{true, false, false}},
		{"an acknowledgement again", func(l *line) []bool {
			return []bool{l.send(server, data, ping), l.ack(client), l.ack(client)}
		}, []bool{true, true, false}},
		{"masked by the server: a rule is broken", func(l *line) []bool {
			return []bool{l.send(server, data, text(client, `{"type":"ping"}`)), l.ack(client)}
		}, []bool{false, false}},
		{"from the wrong side", func(l *line) []bool {
			return []bool{l.send(client, data, text(client, `{"type":"ping"}`)), l.send(server, data, text(server, `{"type":"pong"}`))}
		}, []bool{false, false}},
		{"with the end of the connection", func(l *line) []bool {
			return []bool{l.send(server, data|tcp.FIN, ping), l.ack(client)}
		}, []bool{false, false}},
		{"a message, and the end", func(l *line) []bool {
			return []bool{l.send(client, data, text(client, `{"type":"say","to_uid":"all","content":"ping"}`)), l.ack(server), l.send(client, tcp.FIN|tcp.ACK, "")}
		}, []bool{false, false, false}},
		{"more than a heartbeat says", func(l *line) []bool {
			long := make([]byte, 200)
			for i := range long {
				long[i] = ' '
			}
			return []bool{l.send(server, data, text(server, `{"type":"ping"}`+string(long)))}
		}, []bool{false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.play(newLine())
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("packet %d of %d: %v", i+1, len(got), got[i])
				}
			}
		})
	}
}

// A side that never acknowledges costs no memory.
func TestHeartbeatsAreBounded(t *testing.T) {
	l := newLine()
	for range 1000 {
		l.sendAt(dissect.Server, l.seq[dissect.Server], tcp.PSH|tcp.ACK, text(dissect.Server, `{"type":"ping"}`))
		l.sendAt(dissect.Client, l.seq[dissect.Client], tcp.PSH|tcp.ACK, text(dissect.Client, `{"type":"pong"}`))
		l.seq[dissect.Server] += 17
		l.seq[dissect.Client] += 21
	}
	for _, c := range l.annotator.connections {
		if n := len(c.heartbeats.due); n == 0 || n > maxDue {
			t.Errorf("%d frames are due", n)
		}
	}
}
