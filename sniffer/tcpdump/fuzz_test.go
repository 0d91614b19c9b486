package tcpdump

import (
	"io"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect/linktest"
)

// FuzzPrint looks for packets that make the printer panic, whatever the flags.
func FuzzPrint(f *testing.F) {
	for i, s := range baseSegments() {
		for _, link := range linkList {
			f.Add(uint16(link), uint32(i*0x1357), uint32(0), onLink(link, tcp4(s)))
			f.Add(uint16(link), uint32(i*0x2468), uint32(0), onLink(link, tcp6(s)))
		}
	}
	for _, l := range append(linktest.Layers, linktest.Unread...) {
		f.Add(uint16(l.Link), uint32(0x21), uint32(0), l.Packet(tcp4(baseSegments()[0])))
	}
	f.Add(uint16(1), uint32(0xff), uint32(9000), join(macs, be16(etherARP), be16(1), be16(etherIPv4), []byte{6, 4}, be16(1), make([]byte, 20)))
	f.Add(uint16(101), uint32(0x20), uint32(0), ip4(client, server, protoICMP, nil, join([]byte{3, 3}, be16(0), be32(0), tcp4(baseSegments()[0]))))
	f.Add(uint16(101), uint32(0x60), uint32(0), ip6(v6a, v6b, protoICMPv6, join([]byte{134, 0}, be16(0), make([]byte, 12), []byte{3, 4}, make([]byte, 30))))
	f.Add(uint16(101), uint32(0x61), uint32(0), ip6(v6a, v6b, protoHopByHop, join([]byte{protoRouting, 0, 0xc2, 4}, be32(70000), []byte{protoTCP, 2, 0, 1}, be32(0), make([]byte, 36))))
	f.Fuzz(func(t *testing.T, link uint16, flags, more uint32, data []byte) {
		o := Options{
			Numeric: 1, Link: flags&1 != 0, Quiet: int(flags >> 1 & 3), Absolute: flags&8 != 0,
			Number: flags&16 != 0, Verbose: int(flags >> 5 & 3), ASCII: int(flags >> 7 & 3), Hex: int(flags >> 9 & 3),
			HexASCII: int(flags >> 11 & 3), Time: TimeFormat(flags >> 13 % 6), Nano: flags>>16&1 != 0,
			RawCR: flags>>17&1 != 0, NoChecksums: flags>>18&1 != 0,
		}
		if flags>>19&1 != 0 {
			o.Secret = "secret"
		}
		p := NewPrinter(io.Discard, o)
		k := packet(capture.LinkType(link), 0, data)
		k.Length += int(more & 0xffff)
		for range 2 {
			if err := p.Print(&k); err != nil {
				t.Fatal(err)
			}
			k.Data = k.Data[:len(k.Data)/2]
		}
	})
}
