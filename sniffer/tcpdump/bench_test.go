package tcpdump

import (
	"io"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// conversations of the benchmark: segments of 82 bytes on average, as a chat's.
func benchPackets() []capture.Packet {
	ts := []byte{1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8}
	var all []capture.Packet
	for i := range 1024 {
		s := segment{src: 40000 + i%50, dst: 7272, seq: 0x70000001 + i*32, ack: 0x10000001 + i, win: 501, flags: tcp.ACK | 8, options: ts}
		if i%2 == 0 {
			s.payload = []byte("the chat's text, thirty-two by.")
		}
		if i%3 == 0 {
			s.src, s.dst = s.dst, s.src
		}
		all = append(all, packet(capture.Ethernet, i, onLink(capture.Ethernet, tcp4(s))))
	}
	return all
}

func BenchmarkPrint(b *testing.B) {
	packets := benchPackets()
	for _, flags := range []string{"n", "nA", "nX", "nv"} {
		b.Run(flags, func(b *testing.B) {
			p := NewPrinter(io.Discard, options(b, flags))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.Print(&packets[i&1023])
			}
		})
	}
}
