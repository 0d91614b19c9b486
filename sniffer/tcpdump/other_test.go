package tcpdump

import (
	"math/rand/v2"
	"testing"

	"chatlab/sniffer/capture"
)

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
	inner := tcp4(segment{src: 60653, dst: 7272, seq: 9, flags: tcpSYN})[:28]
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
	for _, flags := range []string{"n#", "nv#", "nq#", "nA#"} {
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
