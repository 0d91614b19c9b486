package tcpdump

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect/linktest"
)

// onLayers puts every link layer around what s gives for both versions of IP, by
// link type.
func onLayers(s []segment) map[capture.LinkType][]capture.Packet {
	all := map[capture.LinkType][]capture.Packet{}
	for _, layers := range [][]linktest.Layer{linktest.Layers, linktest.Unread} {
		for i := range layers {
			l := &layers[i]
			if l.Link == capture.User2 || l.Link == 189 {
				continue // tcpdump has no printer for them
			}
			for n, s := range s {
				all[l.Link] = append(all[l.Link], packet(l.Link, n, l.Packet(tcp4(s))), packet(l.Link, n, l.Packet(tcp6(s))))
			}
		}
	}
	return all
}

// TestLinkLayers holds what is printed of each link layer against tcpdump,
// whole, cut everywhere, and damaged.
func TestLinkLayers(t *testing.T) {
	needTcpdump(t)
	for link, packets := range onLayers(baseSegments()) {
		for _, flags := range []string{"n#", "ne#", "nev#", "nqX#", "neq#"} {
			compareDecoded(t, flags, packets, 60)
		}
		r := rand.New(rand.NewPCG(3, uint64(link)))
		var damaged []capture.Packet
		for range 1500 {
			damaged = append(damaged, mutateLink(r, packets[r.IntN(len(packets))]))
		}
		for _, flags := range []string{"n#", "nevX#"} {
			compareDecoded(t, flags, damaged, 40)
		}
	}
	for _, packets := range onLayers(baseSegments()[:1]) {
		var all []capture.Packet
		for _, p := range packets {
			all = append(all, cuts(p)...)
		}
		for _, flags := range []string{"nX#", "nev#"} {
			compareDecoded(t, flags, all, 60)
		}
	}
}

// mutateLink changes a packet within what is likely its link layer. The 14 that
// one system's raw IP has had is no DLT_ number of tcpdump's.
func mutateLink(r *rand.Rand, p capture.Packet) capture.Packet {
	whole := p.Data
	p.Data = append([]byte(nil), whole...)
	for range 1 + r.IntN(3) {
		at := r.IntN(min(len(whole), 60))
		if r.IntN(3) > 0 {
			at = r.IntN(min(len(whole), 12))
		}
		p.Data[at] ^= 1 << r.IntN(8)
	}
	if p.LinkType == capture.PKTAP && p.Data[8] == 14 {
		p.Data[8] = 12
	}
	return p
}

// TestRadiotapFields tries every field of a radiotap header, and every rate.
func TestRadiotapFields(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(4, 5))
	frame := linktest.Layers[0].Packet(tcp4(baseSegments()[0]))[14:]
	frame = join([]byte{8, 1, 0x30, 0}, randomBytes(r, 18), []byte{0x10, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, frame)
	var packets []capture.Packet
	add := func(fields []byte, words ...uint32) {
		var b []byte
		for _, w := range words {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		b = append(b, fields...)
		head := binary.LittleEndian.AppendUint16([]byte{0, 0}, uint16(4+len(b)))
		packets = append(packets, packet(capture.Radiotap, len(packets), join(head, b, frame, make([]byte, 4))))
	}
	for bit := range 32 {
		for range 40 {
			add(randomBytes(r, 24), 1<<bit)
			add(randomBytes(r, 40), 1<<bit|1<<r.IntN(22)|1<<r.IntN(22))
			add(randomBytes(r, 60), 1<<bit|1<<31|1<<(29+r.IntN(2)), 1<<r.IntN(22)|1<<31, 1<<r.IntN(32))
		}
	}
	for rate := range 256 {
		add([]byte{byte(rate)}, 1<<rtRate)
		for flags := range 8 {
			add([]byte{0x07, byte(flags), byte(rate)}, 1<<rtMCS)
		}
		add([]byte{byte(rate), 0xff, 1}, 1<<rtMCS)
		add([]byte{0x44, 0, byte(rate), byte(rate), 0x11, byte(rate), 0, 0x92, byte(rate), 0, 0, 0}, 1<<rtVHT)
	}
	for bit := range 32 {
		add(join([]byte{0x6c, 9}, be16(1<<bit&0xffff|0x80)), 1<<rtChannel)
		add(join(binary.LittleEndian.AppendUint32(nil, 1<<bit|0x80), []byte{0x6c, 9, 1, 2}), 1<<rtXChannel|1<<rtFlags)
	}
	for _, flags := range []string{"n#", "ne#"} {
		compareDecoded(t, flags, packets, 95)
	}
}

// TestLLC tries IEEE 802.2 headers on Ethernet, cooked and 802.11 frames.
func TestLLC(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(6, 7))
	var headers [][]byte
	for _, dsap := range []byte{0, 1, 6, 0x42, 0x43, 0x7f, 0xaa, 0xab, 0xe0, 0xf0, 0xfe, 0xff, 0x99} {
		for _, ssap := range []byte{dsap, dsap ^ 1, 6, 0xff, 0x98} {
			for _, control := range []byte{3, 0x13, 0xaf, 0xbf, 0xe3, 0x63, 0, 1, 5, 9, 0x0d, 0x0f, 0x7f, 0x33} {
				headers = append(headers, join([]byte{dsap, ssap, control, byte(r.IntN(2)), byte(r.IntN(256))}, randomBytes(r, r.IntN(20))))
			}
		}
	}
	for _, oui := range [][]byte{{0, 0, 0}, {0, 0, 0xf8}, {8, 0, 7}, {0, 0, 0x0c}, {0, 0x80, 0xc2}, {1, 2, 3}, {0, 0x1b, 0x21}} {
		for _, pid := range []int{0x0800, 0x86dd, 0x0806, 0x809b, 0x2000, 0x010b, 0x0111, 1, 2, 7, 14, 11, 0x888e, 0x9999} {
			headers = append(headers, join([]byte{0xaa, 0xaa, 3}, oui, be16(pid), tcp4(baseSegments()[0])))
		}
	}
	headers = append(headers, []byte{0xe0, 0xe0, 0xaf}, []byte{0xe0, 0xe0, 0xaf, 0x81}, []byte{0xe0, 0xe0, 0xaf, 0x81, 1, 0})
	for name, before := range map[capture.LinkType][]byte{
		capture.Ethernet: join(macs, be16(1400)), capture.LinuxSLL: join(be16(4), be16(1), be16(6), macs[6:12], be16(0), be16(4)),
		capture.IEEE80211: join([]byte{8, 3, 0, 0}, macs, macs[:6], be16(0), macs[6:]),
	} {
		var packets []capture.Packet
		for i, h := range headers {
			packets = append(packets, packet(name, i, join(before, h)))
			if i%9 == 0 || h[0] == 0xaa {
				packets = append(packets, cuts(packet(name, i, join(before, h)))[len(before):]...)
			}
		}
		for _, flags := range []string{"n#", "ne#", "nq#", "nX#"} {
			compareDecoded(t, flags, packets, 60)
		}
	}
}

// TestPPPProtocols tries every PPP protocol, and PPPoE's discovery stage.
func TestPPPProtocols(t *testing.T) {
	needTcpdump(t)
	ip := tcp4(baseSegments()[0])
	var ppp, serial, pppoe []capture.Packet
	for p := range 1 << 16 {
		if p%3 == 0 || pppNames[uint16(p)] != "" || p < 0x900 || p>>8 == 0x86 {
			ppp = append(ppp, packet(capture.PPP, 0, join(be16(0xff03), be16(p), ip)))
			serial = append(serial, packet(capture.PPPSerial, 0, join(be16(0xff03), be16(p), ip)), packet(capture.PPPSerial, 0, join(be16(0x0f00), be16(p), ip)))
		}
	}
	for code := range 256 {
		tags := join(be16(0x0101), be16(0), be16(0x0103), be16(4), []byte{1, 2, 3, byte(code)}, be16(0x0102), be16(6), []byte("bras\x001"),
			be16(code), be16(90), []byte(strings.Repeat("long ", 18)), be16(0), be16(0))
		p := packet(capture.PPPEther, 0, join([]byte{byte(0x11 + code%3*code%7), byte(code)}, be16(code%5), be16(len(tags)), tags))
		pppoe = append(pppoe, p)
		if code == 9 || code == 0x65 {
			pppoe = append(pppoe, cuts(p)...)
		}
	}
	for _, flags := range []string{"n#", "ne#"} {
		compareDecoded(t, flags, ppp, 50)
		compareDecoded(t, flags, serial, 50)
		compareDecoded(t, flags, pppoe, 100)
	}
}

// TestWLANFrames tries every frame control field.
func TestWLANFrames(t *testing.T) {
	needTcpdump(t)
	r := rand.New(rand.NewPCG(8, 9))
	var packets []capture.Packet
	for fc := range 1 << 16 {
		if fc%5 == 0 || fc < 0x400 {
			packets = append(packets, packet(capture.IEEE80211, 0, join([]byte{byte(fc), byte(fc >> 8)}, randomBytes(r, 20+r.IntN(30)))))
		}
	}
	for _, flags := range []string{"n#", "nev#"} {
		compareDecoded(t, flags, packets, 70)
	}
}

// TestUnsupportedLinkType: what has no printer is named in one line. macOS has
// written PKTAP under a number for private use.
func TestUnsupportedLinkType(t *testing.T) {
	data := linktest.Layers[0].Packet(tcp4(baseSegments()[0]))
	for link, want := range map[capture.LinkType]string{
		189: fmt.Sprintf("link-type 189 USB_LINUX, length %d (not decoded)\n", len(data)),
		149: fmt.Sprintf("link-type 149, length %d (not decoded)\n", len(data)),
		147: fmt.Sprintf("link-type 147, length %d (not decoded)\n", len(data)),
	} {
		if got := printed(t, options(t, "nt"), []capture.Packet{packet(link, 0, data)}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, l := range linktest.Layers {
		if l.Link == capture.User2 {
			data := l.Packet(tcp4(baseSegments()[0]))
			old := printed(t, options(t, "ne"), []capture.Packet{packet(capture.User2, 0, data)})
			if now := printed(t, options(t, "ne"), []capture.Packet{packet(capture.PKTAP, 0, data)}); old != now || !strings.Contains(old, "Flags [S]") {
				t.Errorf("%q, of PKTAP %q", old, now)
			}
		}
	}
}
