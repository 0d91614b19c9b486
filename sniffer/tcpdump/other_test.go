package tcpdump

import (
	"math/rand/v2"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// TestUDPPorts sends to and from every port: what tcpdump decodes is named, and
// nothing else; with -q it is the same text.
func TestUDPPorts(t *testing.T) {
	needTcpdump(t)
	for name, datagram := range map[string]func(port int) []byte{
		"to": func(port int) []byte { return join(be16(40001), be16(port), be16(48), be16(0), make([]byte, 40)) },
		"from": func(port int) []byte {
			return join(be16(port), be16(40001), be16(48), be16(0), make([]byte, 39), []byte{1})
		},
	} {
		var packets []capture.Packet
		for port := range 1 << 16 {
			packets = append(packets, packet(capture.Raw, 0, ip4(server, client, protoUDP, nil, datagram(port))))
		}
		file := writePcap(t, packets)
		compareFile(t, "nq#", packets, file, 100)
		want := split(tcpdumps(t, file, "n#"), len(packets))
		got := split(printed(t, options(t, "n#"), packets), len(packets))
		for port := range packets {
			decoded, named := !strings.HasSuffix(want[port], "UDP, length 40\n"), strings.HasSuffix(got[port], "(not decoded)\n")
			if decoded != named || !decoded && got[port] != want[port] {
				t.Errorf("%s port %d: got %q\nwant %q", name, port, got[port], want[port])
			}
		}
	}
}

func TestUDP(t *testing.T) {
	needTcpdump(t)
	var packets []capture.Packet
	for _, b := range [][]byte{
		join(be16(60653), be16(7272), be16(12), be16(0), []byte("data")),
		join(be16(60653), be16(7272), be16(13), be16(0), []byte("data")),
		join(be16(60653), be16(7272), be16(10), be16(0), []byte("data")),
		join(be16(60653), be16(7272), be16(7), be16(0), []byte("data")),
		join(be16(60653), be16(7272), be16(0), be16(9), []byte("data")),
		join(be16(60653), be16(7272), be16(8), be16(1)),
	} {
		for _, ip := range [][]byte{ip4(client, server, protoUDP, nil, b), ip6(v6a, v6b, protoUDP, b)} {
			packets = append(packets, cuts(packet(capture.Raw, 0, ip))...)
		}
		zero := ip4(client, server, protoUDP, nil, b)
		zero[26], zero[27] = 0, 0
		fragment := ip4(client, server, protoUDP, nil, b)
		fragment[6] = 0x20
		packets = append(packets, packet(capture.Raw, 0, zero), packet(capture.Raw, 0, fragment))
	}
	for _, flags := range []string{"n#", "nv#", "nvv#", "nq#", "nvvK#"} {
		compare(t, flags, packets)
	}
}

func TestICMP(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(14, 15))
	inner := tcp4(segment{src: 60653, dst: 7272, seq: 9, flags: tcp.SYN})[:28]
	udp := ip4(server, client, protoUDP, nil, join(be16(5300), be16(4444), be16(8), be16(0)))
	gre := ip4(server, client, 47, nil, make([]byte, 8))
	var packets []capture.Packet
	for kind := range 20 {
		for code := range 17 {
			if kind != icmpUnreachable && code > 4 {
				continue
			}
			body := inner
			switch (kind + code) % 3 {
			case 1:
				body = udp
			case 2:
				body = gre
			}
			rest := randomBytes(r, 4)
			if kind == icmpRouterAdvert {
				rest[0], rest[1], body = byte(code), byte(2+code%4/3), randomBytes(r, 32)
			}
			b := join([]byte{byte(kind), byte(code)}, be16(0), rest, body)
			if code%2 == 0 {
				copy(b[2:], be16(int(fold(sum16(0, b)))))
			}
			p := packet(capture.Raw, kind, ip4(client, server, protoICMP, nil, b))
			packets = append(packets, p)
			if code < 5 {
				packets = append(packets, cuts(p)...)
			}
		}
	}
	for n := range 9 {
		short := ip4(client, server, protoICMP, nil, join([]byte{icmpParameter, 1, 0x12, 0x34}, be32(9))[:n])
		packets = append(packets, packet(capture.Raw, n, short))
	}
	for _, flags := range []string{"n#", "nv#", "nq#", "nA#"} {
		compare(t, flags, packets)
	}
}

// TestICMPExtensions tries what may stand behind the packet that an ICMP error
// is about, cut everywhere.
func TestICMPExtensions(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(24, 25))
	about := ip4(server, client, protoUDP, nil, join(be16(5300), be16(4444), be16(108), be16(0), make([]byte, 100)))
	label := join(be16(8), []byte{1, 1}, be32(0x12345<<12|5<<9|0x100|7))
	var packets []capture.Packet
	for i, objects := range [][]byte{
		label, join(label, label, be16(4), []byte{2, 9}), join(be16(12), []byte{1, 1}, be32(1<<9|1), be32(2)), join(be16(24), []byte{2, 0xe}, randomBytes(r, 20)),
		join(be16(9), []byte{2, 1}, randomBytes(r, 5)), join(be16(8), []byte{1, 2}, randomBytes(r, 4)), join(be16(3), []byte{1, 1}, label), join(be16(8), []byte{0, 1}, label),
		join(be16(400), []byte{9, 1}, label), {}, {1}, {1, 2}, {1, 2, 3}, join(be16(4), []byte{1, 1}), join(make([]byte, 30), label),
	} {
		for _, kind := range []byte{icmpUnreachable, icmpSourceQuench, icmpRedirect, icmpTimeExceeded, icmpParameter} {
			for _, version := range []byte{0x20, 0x10} {
				extension := join([]byte{version, 0}, be16(0), objects)
				copy(extension[2:], be16(int(fold(sum16(0, extension)))))
				if i%4 == 3 {
					extension[2] ^= 1
				}
				b := join([]byte{kind, 1}, be16(0), []byte{0, byte(i % 2 * 32)}, be16(0), about, extension)
				copy(b[2:], be16(int(fold(sum16(0, b)))))
				p := packet(capture.Raw, i, ip4(client, server, protoICMP, nil, b))
				packets = append(packets, cuts(p)[140:]...)
			}
		}
	}
	for _, flags := range []string{"n#", "nv#", "nvvX#"} {
		compare(t, flags, packets)
	}
}

func TestARP(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(16, 17))
	var packets []capture.Packet
	for op := range 12 {
		for _, hardware := range []int{1, 6, 99} {
			for _, protocol := range []int{etherIPv4, 0x1000, etherIPv6, 0x9999} {
				for _, lengths := range [][]byte{{6, 4}, {0, 4}, {8, 4}, {6, 16}} {
					b := join(be16(hardware), be16(protocol), lengths, be16(op), randomBytes(r, 2*int(lengths[0]+lengths[1])))
					if op%2 == 0 && lengths[0] == 6 {
						copy(b[8+6+4:], make([]byte, 6))
					}
					p := packet(capture.Ethernet, op, join(macs, be16(etherARP), b, make([]byte, r.IntN(20))))
					packets = append(packets, p)
					if op == 1 {
						packets = append(packets, cuts(p)...)
					}
				}
			}
		}
	}
	for _, flags := range []string{"n#", "ne#", "nv#", "nX#"} {
		compare(t, flags, packets)
	}
}

func TestICMPv6(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(18, 19))
	inner := tcp6(segment{src: 60653, dst: 7272, seq: 9, flags: tcp.SYN})
	var packets []capture.Packet
	add := func(b []byte, cut bool) {
		p := packet(capture.Raw, 0, ip6(v6a, v6b, protoICMPv6, b))
		packets = append(packets, p)
		if cut {
			packets = append(packets, cuts(p)...)
		}
	}
	for _, kind := range []int{1, 2, 3, 4, 100, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 141, 142, 143, 144, 146, 200, 255} {
		for code := range 7 {
			add(join([]byte{byte(kind), byte(code)}, be16(0), randomBytes(r, 4), inner), code < 5)
		}
		add(join([]byte{byte(kind), 0}, be16(kind*257), randomBytes(r, 20)), false)
	}
	for _, n := range []int{0, 1, 2, 3, 9} {
		add(join([]byte{143, 0}, be16(0), be16(0), be16(n), []byte{byte(n), 0}, be16(1), addr(v6a), addr(v6b), []byte{4, 0}, be16(0), addr(v6b)), true)
		add(join([]byte{130, 0}, be16(0), be16(n*8000), be16(0), addr(v6a), []byte{byte(n * 3), byte(n * 28)}, be16(n), addr(v6a), addr(v6b)), true)
	}
	options := [][]byte{
		join([]byte{1, 1}, macs[:6]), join([]byte{2, 2}, randomBytes(r, 14)), join([]byte{3, 4, 64, 0xc0}, be32(-1), be32(600), be32(0), addr(v6a)),
		join([]byte{3, 5, 64, 0xe0}, be32(7), be32(600), be32(0), addr(v6a), be32(0), be32(0)), join([]byte{3, 1, 64, 0}, be32(1)),
		join([]byte{5, 1}, be16(0), be32(1500)), join([]byte{5, 2}, randomBytes(r, 14)), join([]byte{7, 1}, be16(0), be32(99)),
		join([]byte{8, 1}, be16(0), be16(2), be16(3)), join([]byte{24, 1, 0, 0x08}, be32(9)), join([]byte{24, 2, 48, 0x18}, be32(-1), randomBytes(r, 8)),
		join([]byte{24, 3, 48, 0x10}, be32(5), addr(v6b)), join([]byte{24, 4}, randomBytes(r, 30)), join([]byte{25, 3}, be16(0), be32(60), addr(v6a)),
		join([]byte{25, 4}, be16(0), be32(60), addr(v6a), be32(0), be32(0)), join([]byte{31, 1}, be16(0), be32(5)), join([]byte{4, 1}, randomBytes(r, 6)),
		join([]byte{99, 1}, randomBytes(r, 6)), {1, 0}, {1, 9, 3},
	}
	for i, o := range options {
		for _, kind := range []byte{133, 134, 135, 136, 137} {
			fixed := map[byte]int{133: 4, 134: 12, 135: 20, 136: 20, 137: 36}[kind]
			add(join([]byte{kind, 0}, be16(0), randomBytes(r, fixed), o, options[(i+int(kind))%len(options)]), kind == 134)
		}
	}
	for _, flags := range []string{"n#", "nv#", "nvv#", "nA#"} {
		compare(t, flags, packets)
	}
}
