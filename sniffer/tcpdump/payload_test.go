package tcpdump

import (
	"math/rand/v2"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/tcp"
)

// TestTextProtocols sends lines of text on the ports where tcpdump reads them.
func TestTextProtocols(t *testing.T) {
	needTcpdump(t)
	texts := []string{
		"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\nx",
		"POST /x", "get / http/1.0\r\n\r\n", "GETX / HTTP/1.1\r\n", "HTTP/1.1 20x OK\r\n", "VERSION-CONTROL x HTTP/1.1\r\r\n",
		"BODY of something\r\n", "\r\n\r\n", "", " GET / HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\n", "\x81\x05hello", "GET / \x00\r\n",
		"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH-2.0-x\n", "SSH-2.0-x", "SSH-2.0-\x80\r\n", "SSH-2.0-x\ry", "SSH-2.0-x\r",
		"220 mail.example.org ESMTP\r\n", "EHLO client\r\n250 ok\r\n", "USER anonymous\r\n", "331 Please specify the password.\r\n",
		"OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n", "RTSP/1.0 200 OK\r\n", "example.org\r\n", "a\tb\r\nc\r\n",
		"PRI * HTTP/2.0\r\n\r\n", strings.Repeat("x", 200) + " y\r\n", "GET " + strings.Repeat("/abc", 90) + " HTTP/1.1\r\n",
		strings.Repeat("x", 126) + " 200 y\r\n", strings.Repeat("x", 127) + " 200 y\r\n", strings.Repeat("x", 128) + " 200 y\r\n", strings.Repeat("x", 129) + " 200\r\n",
	}
	var packets []capture.Packet
	for _, port := range []int{80, 8080, 22, 25, 21, 43, 554, 8554, 7272} {
		for i, text := range texts {
			s := segment{src: 60653, dst: port, seq: 9, ack: 8, win: 1, flags: tcp.ACK | 8, payload: []byte(text)}
			if i%2 == 1 {
				s.src, s.dst = s.dst, s.src
			}
			p := packet(capture.Raw, i, tcp4(s))
			packets = append(packets, p)
			if len(text) < 60 {
				packets = append(packets, cuts(p)[36:]...)
			}
		}
	}
	for _, flags := range []string{"n#", "nv#", "nq#", "nA#"} {
		compare(t, flags, packets)
	}
}

func TestTelnet(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(20, 21))
	payloads := []string{
		"\xff\xfb\x01\xff\xfd\x03\xff\xfe\x18\xff\xfc\xc8", "\xff\xff\xff\xf4text", "text\xff\xf4", "\xff", "\xff\x10", "\xff\xec\xff\xf1\xff\xf9",
		"\xff\xfa\x18\x01\xff\xf0", "\xff\xfa\x18\x00xterm\xff\xf0login", "\xff\xfa\x1f\x00P\x00\x18\xff\xf0\xff\xfb\x00", "\xff\xfa\x25\x01\x02\x06\x08\x63\xff\xf0",
		"\xff\xfa\x26\x01\x01\x05\xff\xf0", "\xff\xfa\x26\x09\x05\xff\xf0", "\xff\xfa\x18\xff\xf0", "\xff\xfa\x18", "\xff\xfa\x18\x01", "\xff\xfa\x18\x01\xff", "\xff\xfa\xee\x07\xff\xf0",
		"\xff\xfa\x27\x00\x00\xff\x01\xff\xf0", "\xff\xfb",
	}
	for range 300 {
		b := randomBytes(r, 1+r.IntN(12))
		for i := range b {
			if r.IntN(2) == 0 {
				b[i] = []byte{0xff, 0xfa, 0xfb, 0xf0, 0x18, 0x25, 0x26}[r.IntN(7)]
			}
		}
		payloads = append(payloads, string(b))
	}
	var packets []capture.Packet
	for i, text := range payloads {
		s := segment{src: 60653, dst: 23, seq: 9, ack: 8, win: 1, flags: tcp.ACK | 8, payload: []byte(text)}
		packets = append(packets, cuts(packet(capture.Ethernet, i, onLink(capture.Ethernet, tcp4(s))))[53:]...)
	}
	for _, flags := range []string{"n#", "nv#", "nA#"} {
		compare(t, flags, packets)
	}
}

// TestNFS tries what may stand on NFS's port: a message is named, with its number,
// when tcpdump decodes it, and nothing else is.
func TestNFS(t *testing.T) {
	needTcpdump(t)
	var packets []capture.Packet
	for direction := range 3 {
		for _, ports := range [][2]int{{60653, 2049}, {2049, 60653}, {2049, 2049}} {
			rpc := join(be32(-2147483648+32), be32(1234567+direction), be32(direction), be32(2), be32(100003), make([]byte, 16))
			s := segment{src: ports[0], dst: ports[1], flags: tcp.ACK | 8, payload: rpc}
			packets = append(packets, cuts(packet(capture.Raw, 0, tcp4(s)))[39:]...)
			s.payload = rpc[:11]
			packets = append(packets, packet(capture.Raw, 0, tcp4(s)))
		}
	}
	want := split(tcpdumps(t, writePcap(t, packets), "n#"), len(packets))
	got := split(printed(t, options(t, "n#"), packets), len(packets))
	for i := range packets {
		named, isNFS := strings.CutSuffix(got[i], "(not decoded)\n")
		if isNFS && !strings.HasPrefix(want[i], named) || !isNFS && got[i] != want[i] {
			t.Errorf("got %q\nwant %q", got[i], want[i])
		}
	}
}

// TestDumps prints payloads of every length around a line's and beyond 64 KiB.
func TestDumps(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(12, 13))
	var packets []capture.Packet
	for n := range 70 {
		s := segment{src: 60653, dst: 7272, seq: 9, ack: 8, win: 1, flags: tcp.ACK, payload: randomBytes(r, n)}
		for i := range s.payload {
			if r.IntN(4) == 0 {
				s.payload[i] = "\r\n\r\n\t \x7f\x80"[r.IntN(8)]
			}
		}
		packets = append(packets, packet(capture.Ethernet, n, onLink(capture.Ethernet, tcp4(s))))
	}
	big := segment{src: 60653, dst: 7272, seq: 9, ack: 8, win: 1, flags: tcp.ACK, payload: randomBytes(r, 65000)}
	packets = append(packets, packet(capture.Ethernet, 70, join(onLink(capture.Ethernet, tcp4(big)), randomBytes(r, 2000))))
	for _, flags := range []string{"nA#", "nAA#", "nx#", "nxx#", "nX#", "nXX#"} {
		compare(t, flags, packets)
	}
}

// TestEthernet tries tags, lengths instead of types, and types nobody knows.
func TestEthernet(t *testing.T) {
	needTcpdump(t)
	inner := tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK, payload: []byte("data")})
	var packets []capture.Packet
	add := func(parts ...[]byte) {
		packets = append(packets, cuts(packet(capture.Ethernet, 0, join(macs, join(parts...))))...)
	}
	ip := be16(etherIPv4)
	add(be16(ether8021Q), be16(7), ip, inner)
	add(be16(ether8021Q), be16(0xf123), ip, inner)
	add(be16(etherQinQ), be16(7), be16(ether8021Q), be16(0x3009), ip, inner)
	add(be16(ether8021Q91), be16(1), be16(ether8021Q92), be16(2), be16(ether8021Q), be16(3), ip, inner)
	add(be16(ether8021Q), be16(7), be16(etherIPv6), tcp6(segment{src: 1, dst: 2, flags: tcp.SYN}))
	add(be16(0x1234), inner)
	add(be16(ether8021Q), be16(7), be16(0x1234), inner)
	add(be16(0x88b5), []byte("local experiment"))
	add(ip, inner, make([]byte, 6))
	add(be16(etherIPv6), inner)
	add(ip, tcp6(segment{src: 1, dst: 2, flags: tcp.SYN}))
	for _, flags := range []string{"n#", "ne#", "nqe#", "nqX#", "nvexx#", "nAA#", "nq#"} {
		compare(t, flags, packets)
	}
	for typ := 1501; typ < 65536; typ += 7 {
		packets = append(packets, packet(capture.Ethernet, typ, join(macs, be16(typ), inner[:20])))
	}
	compareDecoded(t, "ne#", packets, 50)
	compareDecoded(t, "nqe#", packets, 50)
}

// TestCooked tries what LINUX_SLL and LINUX_SLL2 headers can say.
func TestCooked(t *testing.T) {
	needTcpdump(t)
	inner := tcp4(segment{src: 60653, dst: 7272, flags: tcp.ACK, payload: []byte("data")})
	for _, link := range []capture.LinkType{capture.LinuxSLL, capture.LinuxSLL2} {
		var packets []capture.Packet
		for kind := range 7 {
			for _, addrLen := range []int{0, 6, 8} {
				for _, typ := range []int{etherIPv4, etherIPv6, ether8021Q, 0x1234, 0x60, 0, etherQinQ} {
					payload := inner
					if typ == ether8021Q {
						payload = join(be16(0x5007), be16(etherIPv4), inner)
					}
					h := join(be16(kind), be16(1), be16(addrLen), macs[:8], be16(typ))
					if link == capture.LinuxSLL2 {
						h = join(be16(typ), be16(0), be32(kind), be16(1), []byte{byte(kind), byte(addrLen)}, macs[:8])
					}
					p := packet(link, kind, join(h, payload))
					packets = append(packets, p)
					if kind == 4 && addrLen == 6 {
						packets = append(packets, cuts(p)...)
					}
				}
			}
		}
		for _, flags := range []string{"n#", "ne#", "nqe#", "nA#", "nevX#"} {
			compare(t, flags, packets)
		}
	}
}
