package filter

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"chatlab/sniffer/capture"
)

// testPacket is a packet as a file has it: data may be cut off.
type testPacket struct {
	data   []byte
	length int
}

func be(size int, v uint64) []byte {
	b := make([]byte, 8)
	binary.BigEndian.PutUint64(b, v)
	return b[8-size:]
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

var (
	v4Addrs = [][]byte{{10, 0, 0, 1}, {10, 0, 0, 2}, {10, 1, 2, 3}, {127, 0, 0, 1}, {224, 0, 0, 1}, {255, 255, 255, 255}, {192, 168, 1, 77}}
	v6Addrs = [][]byte{
		cat(make([]byte, 15), []byte{1}),
		{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
		{0x20, 1, 0x0d, 0xb8, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9},
		{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
	}
	macs      = [][]byte{{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, {255, 255, 255, 255, 255, 255}, {1, 0, 0x5e, 0, 0, 1}}
	testPorts = []uint64{22, 53, 80, 443, 7272, 8000, 8080, 60584}
)

func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// transportOf makes the bytes behind an IP header.
func transportOf(r *rand.Rand, proto byte) []byte {
	ports := cat(be(2, pick(r, testPorts)), be(2, pick(r, testPorts)))
	body := make([]byte, r.IntN(30))
	for i := range body {
		body[i] = byte(r.IntN(256))
	}
	switch proto {
	case protoTCP:
		return cat(ports, be(4, r.Uint64()), be(4, r.Uint64()), []byte{0x50, byte(r.IntN(64))}, be(2, 65535), be(4, 0), body)
	case protoUDP, protoSCTP:
		return cat(ports, be(2, uint64(8+len(body))), be(2, 0), body)
	case protoICMP, protoICMPv6:
		return cat([]byte{pick(r, []byte{0, 3, 8, 11, 128, 129, 135}), byte(r.IntN(4))}, be(2, 0), body)
	}
	return body
}

func ipv4Packet(r *rand.Rand) []byte {
	proto := pick(r, []byte{1, 2, 6, 6, 6, 17, 17, 132, 50, 51, 103, 112, 9})
	options := make([]byte, 4*pick(r, []int{0, 0, 0, 1, 3, 10}))
	frag := pick(r, []uint64{0, 0, 0, 0x4000, 0x2000, 0x2001, 0x0100})
	body := transportOf(r, proto)
	return cat([]byte{byte(0x45 + len(options)/4), byte(r.IntN(256))}, be(2, uint64(20+len(options)+len(body))),
		be(2, r.Uint64()), be(2, frag), []byte{byte(r.IntN(256)), proto}, be(2, 0),
		pick(r, v4Addrs), pick(r, v4Addrs), options, body)
}

func ipv6Packet(r *rand.Rand) []byte {
	proto := pick(r, []byte{6, 6, 17, 58, 58, 132, 44, 44, 0, 103, 51})
	body := transportOf(r, proto)
	if proto == protoFrag {
		inner := pick(r, []byte{6, 17, 58})
		body = cat([]byte{inner, 0}, be(2, pick(r, []uint64{0, 1, 0x100})), be(4, 7), transportOf(r, inner))
	}
	return cat([]byte{0x60, 0, 0, 0}, be(2, uint64(len(body))), []byte{proto, 64}, pick(r, v6Addrs), pick(r, v6Addrs), body)
}

func arpPacket(r *rand.Rand) []byte {
	return cat(be(2, 1), be(2, 0x800), []byte{6, 4}, be(2, 1), pick(r, macs), pick(r, v4Addrs), pick(r, macs), pick(r, v4Addrs))
}

// networkPacket gives an EtherType and what it announces.
func networkPacket(r *rand.Rand) (uint64, []byte) {
	switch r.IntN(12) {
	case 0:
		return pick(r, []uint64{etherARP, etherRARP}), arpPacket(r)
	case 1, 2, 3:
		return etherIPv6, ipv6Packet(r)
	case 4:
		return pick(r, []uint64{etherATalk, etherAARP, etherIPX, 0x6003, etherPPPoED, 0x9000}), transportOf(r, 0)
	case 5: // 802.2
		sap := pick(r, []byte{sapOSI, sapSTP, sapIPX, sapNetBEUI, sapIP, 0xff, sapSNAP})
		b := cat([]byte{sap, sap, 3}, []byte{pick(r, []byte{0x81, 0x82, 0x83, 0}), 0, 0, 1, byte(r.IntN(30)), byte(r.IntN(30))}, transportOf(r, 0))
		if sap == sapSNAP {
			b = cat([]byte{sap, sap, 3}, pick(r, [][]byte{{0, 0, 0}, {8, 0, 7}}),
				be(2, pick(r, []uint64{etherIP, etherATalk, etherAARP, etherIPX})), transportOf(r, 0))
		}
		return uint64(len(b)), b
	}
	return etherIP, ipv4Packet(r)
}

func etherPacket(r *rand.Rand) []byte {
	typ, body := networkPacket(r)
	switch r.IntN(10) {
	case 0, 1:
		for range 1 + r.IntN(2) {
			body = cat(be(2, pick(r, []uint64{0, 7, 100, 0xf007})), be(2, typ), body)
			typ = pick(r, []uint64{etherVLAN, etherVLAN, etherQinQ, etherOldQ})
		}
	case 2:
		if typ == etherIP || typ == etherIPv6 {
			bottom := uint64(1)
			for range 1 + r.IntN(2) {
				body = cat(be(4, pick(r, []uint64{5, 1000})<<12|bottom<<8|64), body)
				bottom = 0
			}
			typ = etherMPLS
		}
	case 3:
		if typ == etherIP || typ == etherIPv6 {
			ppp := map[uint64]uint64{etherIP: 0x21, etherIPv6: 0x57}[typ]
			body = cat([]byte{0x11, 0}, be(2, pick(r, []uint64{1, 9})), be(2, uint64(len(body)+2)), be(2, ppp), body)
			typ = etherPPPoES
		}
	}
	return cat(pick(r, macs), pick(r, macs), be(2, typ), body)
}

// onLink makes one packet of a link type.
func onLink(r *rand.Rand, lt capture.LinkType) []byte {
	ipOnly := func() []byte {
		if r.IntN(2) == 0 {
			return ipv4Packet(r)
		}
		return ipv6Packet(r)
	}
	switch lt {
	case capture.Ethernet:
		return etherPacket(r)
	case capture.LinuxSLL, capture.LinuxSLL2:
		typ, body := networkPacket(r)
		if typ <= maxLength {
			typ = pick(r, []uint64{1, 4})
		}
		dir := byte(r.IntN(5))
		if lt == capture.LinuxSLL {
			return cat([]byte{0, dir}, be(2, 1), be(2, 6), pick(r, macs), be(2, 0), be(2, typ), body)
		}
		return cat(be(2, typ), be(2, 0), be(4, pick(r, []uint64{1, 2, 3})), be(2, 772), []byte{dir, 6}, pick(r, macs), be(2, 0), body)
	case capture.Null, capture.Loop:
		p := ipOnly()
		family := uint32(2)
		if p[0]>>4 == 6 {
			family = pick(r, []uint32{24, 28, 30, 10})
		}
		if r.IntN(20) == 0 {
			family = 7
		}
		h := be(4, uint64(family))
		if lt == capture.Null {
			binary.LittleEndian.PutUint32(h, family)
		}
		return cat(h, p)
	case capture.PPP, capture.PPPSerial, capture.PPPEther:
		return pppPacket(r, lt)
	case capture.IEEE80211:
		return wlanPacket(r, false)
	case capture.Radiotap:
		header := pick(r, []string{
			"\x00\x00\x08\x00\x00\x00\x00\x00", "\x00\x00\x0a\x00\x02\x00\x00\x00\x10\x00", "\x00\x00\x0c\x00\x02\x00\x00\x00\x20\x00\x00\x00",
			"\x00\x00\x14\x00\x03\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x30\x00\x00\x00", "\x00\x00\x10\x00\x02\x00\x00\xa0\x20\x00\x00\x00\x20\x00\x00\x00",
		})
		return cat([]byte(header), wlanPacket(r, len(header)&3 == 0))
	case capture.Prism, capture.AVS:
		n := pick(r, []uint64{64, 144})
		header := cat(be(4, 0x80211001), be(4, n), make([]byte, n-8))
		if n == 144 && lt == capture.Prism {
			header[0] = 0
		}
		return cat(header, wlanPacket(r, false))
	case capture.IPv4:
		return ipv4Packet(r)
	case capture.IPv6:
		return ipv6Packet(r)
	}
	return ipOnly()
}

// pppPacket makes a packet of a PPP link, sometimes with a header that is not
// the usual one.
func pppPacket(r *rand.Rand, lt capture.LinkType) []byte {
	typ, body := networkPacket(r)
	protocol, ok := map[uint64]uint64{etherIP: 0x21, etherIPv6: 0x57}[typ]
	if !ok {
		protocol = pick(r, []uint64{0xc021, 0x8021, 0x23, 0x27, 0x29, 0x2b, 0x31})
	} else if r.IntN(6) == 0 {
		protocol, body = 0x281, cat(be(4, 5<<12|1<<8|64), body)
	}
	inner := cat(be(2, protocol), body)
	if lt == capture.PPPEther {
		return cat([]byte{0x11, 0}, be(2, 9), be(2, uint64(len(inner))), inner)
	}
	return cat(be(2, pick(r, []uint64{0xff03, 0xff03, 0xff03, 0x0f00, 0x0003}))[r.IntN(5)/4*2:], inner)
}

// wlanPacket makes an 802.11 frame, most of them of data.
func wlanPacket(r *rand.Rand, padded bool) []byte {
	typ, body := networkPacket(r)
	if typ > maxLength {
		for range r.IntN(5) / 4 {
			body, typ = cat(be(2, 7), be(2, typ), body), etherVLAN
		}
		body = cat([]byte{sapSNAP, sapSNAP, 3, 0, 0, 0}, be(2, typ), body)
	}
	control := []byte{pick(r, []byte{0x08, 0x08, 0x88, 0x88, 0x80, 0xd4, 0xb4}), pick(r, []byte{0, 1, 2, 3, 1, 2, 0x41})}
	header := cat(control, be(2, 0x3000), pick(r, macs), pick(r, macs), pick(r, macs), be(2, 0x1000))
	if control[1]&3 == 3 {
		header = cat(header, pick(r, macs))
	}
	if control[0] == 0x88 {
		header = cat(header, be(2, 0))
	}
	if control[0]&4 != 0 {
		return header[:10+6*r.IntN(2)] // control frames are short
	}
	if padded {
		header = cat(header, make([]byte, -len(header)&3))
	}
	return cat(header, body)
}

// manyPackets makes n packets, a fifth of them cut off and some damaged.
func manyPackets(seed uint64, lt capture.LinkType, n int) []testPacket {
	r := rand.New(rand.NewPCG(seed, uint64(lt)))
	var out []testPacket
	for range n {
		p := onLink(r, lt)
		t := testPacket{p, len(p)}
		switch r.IntN(10) {
		case 0, 1:
			t.data = p[:r.IntN(len(p)+1)]
		case 2:
			if lt != capture.Null { // a damaged family could be one in the other byte order
				p[r.IntN(len(p))] = byte(r.IntN(256))
			}
		}
		out = append(out, t)
	}
	return out
}

// pcapOf writes packets as a pcap file whose seconds are the packets' numbers.
func pcapOf(lt capture.LinkType, packets []testPacket) []byte {
	all := make([]capture.Packet, len(packets))
	for i, p := range packets {
		all[i] = capture.Packet{Time: time.Unix(int64(i), 0), LinkType: lt, Data: p.data, Length: int(p.length)}
	}
	var b bytes.Buffer
	if err := capture.WriteAll(&b, capture.FileHeader{LinkType: lt}, all); err != nil {
		panic(err)
	}
	return b.Bytes()
}
