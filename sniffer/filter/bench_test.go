package filter

import (
	"math/rand/v2"
	"testing"

	"chatlab/sniffer/capture"
)

func BenchmarkMatch(b *testing.B) {
	eth := cat(macs[0], macs[1], be(2, etherIP))
	tcp := func(dst uint64) []byte {
		return cat(eth, []byte{0x45, 0}, be(2, 56), be(2, 1), be(2, 0x4000), []byte{64, 6}, be(2, 0), v4Addrs[3], v4Addrs[3],
			be(2, 60584), be(2, dst), be(4, 1), be(4, 1), []byte{0x50, 0x18}, be(2, 100), be(4, 0), make([]byte, 16))
	}
	for _, c := range []struct {
		name, expr string
		packet     []byte
	}{
		{"passes", "port 7272", tcp(7272)},
		{"other port", "port 7272", tcp(80)},
		{"arp", "port 7272", cat(macs[0], macs[1], be(2, etherARP), arpPacket(rand.New(rand.NewPCG(1, 1))))},
		{"flags", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and port 7272", tcp(7272)},
	} {
		b.Run(c.name, func(b *testing.B) {
			p, err := compileOffline(c.expr, capture.Ethernet)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				p.Match(c.packet, len(c.packet))
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := compileOffline("port 7272", capture.Ethernet); err != nil {
			b.Fatal(err)
		}
	}
}
