package tcpdump

import (
	"math/rand/v2"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// randomBytes gives n bytes that are the same in every run.
func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestTCPOptions tries every kind with every length that fits and some that do not.
func TestTCPOptions(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(2, 3))
	var packets []capture.Packet
	for kind := range 256 {
		for size := range 42 {
			if kind > 34 && kind < 252 && size > 6 {
				continue
			}
			data := randomBytes(r, max(0, min(size-2, 38)))
			switch {
			case tcp.OptionKind(kind) == tcp.Multipath && len(data) > 0:
				data[0] = byte(size*5) | data[0]&15
			case tcp.OptionKind(kind) == tcp.Experiment2 && len(data) > 1 && size%3 != 0:
				data[0], data[1] = 0xf9, 0x89
			}
			s := segment{src: 60653, dst: 7272, seq: 5000, ack: 6000, win: 100, flags: []tcp.Flags{tcp.SYN, tcp.ACK, tcp.SYN | tcp.ACK, tcp.RST}[r.IntN(4)],
				options: append([]byte{byte(kind), byte(size)}, data...), payload: randomBytes(r, r.IntN(3))}
			if len(s.options) < 36 && size%4 == 1 {
				s.options = append([]byte{1, 2, 4}, s.options...)
				s.options[2] = 2 + byte(size%5)
			}
			s.options = s.options[:min(len(s.options), 40)]
			packets = append(packets, packet(capture.Raw, kind, tcp4(s)))
			if size%8 == 0 {
				packets = append(packets, packet(capture.Raw, kind, tcp6(s)))
			}
		}
	}
	for _, flags := range []string{"n#", "nS#", "nvv#"} {
		compare(t, flags, packets)
	}
}

// TestMPTCP tries every subtype with every length, with and without SYN.
func TestMPTCP(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(4, 5))
	var packets []capture.Packet
	for subtype := range 16 {
		for size := 2; size <= 40; size++ {
			for flags := range 16 {
				data := randomBytes(r, size-2)
				if len(data) > 0 {
					data[0] = byte(subtype<<4) | data[0]&7
				}
				if len(data) > 1 && subtype == 2 {
					data[1] = byte(r.IntN(32))
				}
				s := segment{src: 60653, dst: 7272, win: 1, flags: []tcp.Flags{tcp.SYN, tcp.ACK, tcp.SYN | tcp.ACK, tcp.ACK | 8}[flags%4],
					options: append([]byte{byte(tcp.Multipath), byte(size)}, data...)}
				packets = append(packets, packet(capture.Raw, 0, tcp4(s)))
			}
		}
	}
	compare(t, "n#", packets)
}

// TestOptionsCut cuts segments with every kind of option at every byte.
func TestOptionsCut(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(6, 7))
	var packets []capture.Packet
	for _, o := range [][]byte{
		{2, 4, 1, 2}, {3, 3, 7}, {4, 2}, join([]byte{5, 18}, randomBytes(r, 16)), join([]byte{5, 9}, randomBytes(r, 7)),
		{6, 6, 1, 2, 3, 4}, {13, 6, 1, 2, 3, 4}, join([]byte{8, 10}, randomBytes(r, 8)), join([]byte{19, 18}, randomBytes(r, 16)),
		{20, 4, 1, 2}, {28, 4, 0x80, 3}, {28, 4, 0x80, 2}, join([]byte{29, 16, 1, 2}, randomBytes(r, 12)), {29, 3, 1}, {29, 4, 1, 2},
		join([]byte{30, 12, 0, 0x81}, randomBytes(r, 8)), {34, 2}, join([]byte{34, 10}, randomBytes(r, 8)), {34, 5, 1, 2, 3},
		{254, 4, 0xf9, 0x89}, join([]byte{254, 12, 0xf9, 0x89}, randomBytes(r, 8)), {254, 5, 1, 2, 3}, {254, 3, 1}, {99, 6, 1, 2, 3, 4},
		{2, 5, 1, 2, 3}, {3, 2}, {4, 3, 0}, {8, 9, 1, 2, 3, 4, 5, 6, 7}, {8, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 2, 4, 5, 180},
	} {
		for _, before := range [][]byte{nil, {1, 1}, {4, 2}} {
			s := segment{src: 60653, dst: 7272, seq: 9, win: 1, flags: tcp.SYN, options: join(before, o), payload: []byte("data")}
			packets = append(packets, cuts(packet(capture.Raw, 0, tcp4(s)))...)
			packets = append(packets, cuts(packet(capture.Raw, 0, tcp6(s)))...)
		}
	}
	for _, flags := range []string{"n#", "nv#", "nA#"} {
		compare(t, flags, packets)
	}
}

func TestIPv4Options(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(8, 9))
	var packets []capture.Packet
	s := segment{src: 60653, dst: 7272, seq: 9, ack: 8, win: 1, flags: tcp.ACK, payload: []byte("data")}
	for _, kind := range []byte{0, 1, 7, 68, 82, 130, 131, 136, 137, 148, 200} {
		for size := range 41 {
			o := append([]byte{kind, byte(size)}, randomBytes(r, max(0, min(size-2, 38)))...)
			if len(o) > 2 && r.IntN(3) > 0 {
				o[2] = byte(4 + 4*r.IntN(10))
			}
			if len(o) > 3 && kind == 68 {
				o[3] = byte(r.IntN(4)) | byte(r.IntN(3)<<4)
				o[2] = byte(5 + 4*r.IntN(10))
			}
			for len(o)%4 != 0 {
				o = append(o, byte(r.IntN(2)))
			}
			o = o[:min(len(o), 40)]
			p := packet(capture.Raw, size, ip4(client, server, protoTCP, o, s.bytes()))
			packets = append(packets, p)
			if size%7 == 3 {
				packets = append(packets, cuts(p)...)
			}
		}
	}
	for _, flags := range []string{"n#", "nv#", "nvK#"} {
		compare(t, flags, packets)
	}
}

func TestFragments(t *testing.T) {
	needTcpdump(t)
	var packets []capture.Packet
	s := segment{src: 60653, dst: 7272, seq: 9, ack: 8, win: 1, flags: tcp.ACK, payload: []byte("data")}
	for proto := range 256 {
		for _, frag := range []int{0x2000, 0x2001, 185, 0x8000, 0xffff, 0x4000} {
			p := ip4(client, server, proto, nil, s.bytes())
			copy(p[6:], be16(frag))
			packets = append(packets, packet(capture.Raw, proto, p))
		}
	}
	for _, flags := range []string{"n#", "nqq#", "nv#"} {
		compareDecoded(t, flags, packets, 10)
	}
}

func TestIPv6Extensions(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(10, 11))
	inner := segment{src: 60653, dst: 7272, seq: 9, ack: 8, win: 1, flags: tcp.ACK, payload: []byte("data")}.bytes()
	var packets []capture.Packet
	add := func(next int, headers []byte) {
		p := packet(capture.Raw, 0, ip6(v6a, v6b, next, join(headers, inner)))
		packets = append(packets, p)
		if r.IntN(6) == 0 {
			packets = append(packets, cuts(p)...)
		}
	}
	for _, kind := range []byte{0, 1, 5, 0xc2, 0xc9, 0x3e} {
		for size := range 24 {
			for _, next := range []int{protoHopByHop, protoDestOpts} {
				o := []byte{kind}
				if kind != 0 {
					o = append(o, byte(size))
				}
				o = append(o, randomBytes(r, size)...)
				if size%3 == 0 {
					o = append(o, 1, 2, 0, 0)
				}
				for (len(o)+2)%8 != 0 {
					o = append(o, 0)
				}
				add(next, join([]byte{protoTCP, byte((len(o)+2)/8 - 1)}, o))
			}
		}
	}
	for kind := range 6 {
		for size := range 7 {
			h := join([]byte{protoTCP, byte(size), byte(kind), byte(r.IntN(4)), byte(r.IntN(2)), byte(r.IntN(2)), 0, byte(r.IntN(2))}, randomBytes(r, 8*size))
			add(protoRouting, h)
		}
	}
	for _, offset := range []int{0, 1, 8, 9, 0xfff8} {
		add(protoFragment, join([]byte{protoTCP, 0}, be16(offset), be32(0x12345678)))
	}
	pad := []byte{1, 4, 0, 0, 0, 0}
	add(protoHopByHop, join([]byte{protoDestOpts, 0}, pad, []byte{protoRouting, 0}, pad, []byte{protoFragment, 2, 0, 1}, be32(0), addr(v6b), []byte{protoTCP, 0}, be16(1), be32(7)))
	add(protoDestOpts, join([]byte{protoHopByHop, 0}, pad, []byte{protoTCP, 0}, pad))
	add(protoHopByHop, join([]byte{protoHopByHop, 0}, pad, []byte{protoTCP, 0}, pad))
	add(protoAH, join([]byte{protoTCP, 4}, be16(0), be32(1), be32(2), randomBytes(r, 12)))
	add(protoNone, nil)
	add(protoIPv4, tcp4(segment{src: 1, dst: 2, flags: tcp.ACK}))
	add(protoIPv6, tcp6(segment{src: 1, dst: 2, flags: tcp.ACK}))
	for _, flags := range []string{"n#", "nv#", "nvv#", "ne#", "nX#"} {
		compare(t, flags, packets)
	}
	// Jumbo payloads have no length in the header.
	for i := range packets {
		packets[i].Data = append([]byte(nil), packets[i].Data...)
		if len(packets[i].Data) > 5 {
			packets[i].Data[4], packets[i].Data[5] = 0, 0
		}
		if i%3 == 0 {
			packets[i].Length += 65536
		}
	}
	for _, flags := range []string{"n#", "nv#"} {
		compare(t, flags, packets)
	}
}
