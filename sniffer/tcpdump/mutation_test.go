package tcpdump

import (
	"math/rand/v2"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// syn is a handshake's first segment as Linux sends it.
var synOptions = []byte{2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7}

func baseSegments() []segment {
	ts := []byte{1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8}
	return []segment{
		{src: 60653, dst: 7272, seq: 0x70000000, win: 32768, flags: tcp.SYN, options: synOptions},
		{src: 7272, dst: 60653, seq: 0x10000000, ack: 0x70000001, win: 32768, flags: tcp.SYN | tcp.ACK, options: synOptions},
		{src: 60653, dst: 7272, seq: 0x70000001, ack: 0x10000001, win: 256, flags: tcp.ACK, options: ts},
		{src: 60653, dst: 7272, seq: 0x70000001, ack: 0x10000001, win: 256, flags: tcp.ACK | 8, options: ts, payload: []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")},
		{src: 7272, dst: 60653, seq: 0x10000001, ack: 0x7000001d, win: 256, flags: tcp.ACK,
			options: join(ts, []byte{5, 18, 0x70, 0, 0, 40, 0x70, 0, 0, 60, 0x70, 0, 0, 80, 0x70, 0, 0, 90})},
		{src: 60653, dst: 7272, seq: 0x7000001d, ack: 0x10000001, win: 0, flags: tcp.ACK | tcp.URG | 8, urgent: 3, payload: []byte("\x00urgent\xff")},
		{src: 60653, dst: 7272, seq: 0x7000001d, win: 0, flags: tcp.RST, payload: []byte("go away\x01\x80\xff")},
		{src: 60653, dst: 7272, seq: 0x7000001d, ack: 0x10000001, win: 256, flags: tcp.FIN | tcp.ACK | 0xc0},
	}
}

func TestTruncatedEverywhere(t *testing.T) {
	needTcpdump(t)
	for _, link := range linkList {
		var packets []capture.Packet
		for i, s := range baseSegments() {
			packets = append(packets, cuts(packet(link, i, onLink(link, tcp4(s))))...)
			packets = append(packets, cuts(packet(link, i, onLink(link, tcp6(s))))...)
		}
		for _, flags := range []string{"n#", "ne#", "nv#", "nveX#", "nq#", "nA#", "nSvv#"} {
			compare(t, flags, packets)
		}
	}
}

func TestMutations(t *testing.T) {
	needTcpdump(t)
	for _, link := range linkList {
		r := rand.New(rand.NewPCG(1, uint64(link)))
		var packets []capture.Packet
		for i := range 3000 {
			segments := baseSegments()
			s := segments[r.IntN(len(segments))]
			data := onLink(link, tcp4(s))
			if r.IntN(3) == 0 {
				data = onLink(link, tcp6(s))
			}
			packets = append(packets, mutate(r, packet(link, i, data)))
		}
		for _, flags := range []string{"n#", "nev#", "nvvX#"} {
			compare(t, flags, packets)
		}
	}
}

// mutate changes bytes of a packet, and sometimes its lengths.
func mutate(r *rand.Rand, p capture.Packet) capture.Packet {
	d := append([]byte(nil), p.Data...)
	for range 1 + r.IntN(3) {
		at := r.IntN(len(d))
		switch r.IntN(4) {
		case 0:
			d[at] ^= 1 << r.IntN(8)
		case 1:
			d[at] = byte(r.IntN(256))
		case 2:
			d[at] = byte(r.IntN(8))
		case 3:
			d[at] += byte(r.IntN(3)) - 1
		}
	}
	switch r.IntN(4) {
	case 0:
		d = d[:1+r.IntN(len(d))]
	case 1:
		d = append(d, make([]byte, r.IntN(20))...)
		p.Length = len(d)
	}
	p.Length = max(p.Length, len(d))
	if r.IntN(8) == 0 {
		p.Length += r.IntN(2000)
	}
	p.Data = d
	return p
}
