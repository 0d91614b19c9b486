package tcpdump

import "encoding/binary"

// Types of ICMP messages (RFC 792, RFC 950, RFC 1256).
const (
	icmpEchoReply    = 0
	icmpUnreachable  = 3
	icmpSourceQuench = 4
	icmpRedirect     = 5
	icmpEcho         = 8
	icmpRouterAdvert = 9
	icmpTimeExceeded = 11
	icmpParameter    = 12
	icmpTimestamp    = 13
	icmpTimestampRe  = 14
	icmpMaskReply    = 18
)

var icmpNames = map[uint8]string{
	icmpSourceQuench: "source quench", 10: "router solicitation", 15: "information request",
	16: "information reply", 17: "address mask request",
}

// icmp prints an ICMP message (print-icmp.c).
func (f *formatter) icmp(b []byte, length uint32, fragmented bool) {
	f.proto = "icmp"
	f.need(b, 2)
	if !f.icmpMessage(b) {
		f.trunc()
		return
	}
	f.str(", length ").uint(length)
	if f.opt.Verbose == 0 {
		return
	}
	if !fragmented && len(b) >= int(length) {
		if sum := fold(sum16(0, b[:length])); sum != 0 {
			f.need(b, 4)
			got := binary.BigEndian.Uint16(b[2:])
			f.str(" (wrong icmp cksum ").hex(uint64(got)).str(" (->").hex(uint64(shouldBe(got, sum))).str(")!)")
		}
	}
	switch b[0] {
	case icmpUnreachable, icmpSourceQuench, icmpRedirect, icmpTimeExceeded, icmpParameter:
		f.str("\n\t")
		f.need(b, 12)
		inner := b[8:]
		n := int(binary.BigEndian.Uint16(inner[2:]))
		f.ip(inner[:min(len(inner), n)], uint32(n))
		f.proto = "icmp"
	}
	switch b[0] {
	case icmpUnreachable, icmpTimeExceeded, icmpParameter:
		f.icmpExtensions(b, length)
	}
}

// icmpMessage prints a message, all or nothing: tcpdump gathers the text first.
// It reports false where print-icmp.c goes to its label "trunc".
func (f *formatter) icmpMessage(b []byte) (whole bool) {
	start := len(f.out)
	defer func() {
		if !whole {
			f.out = f.out[:start]
		}
	}()
	f.str("ICMP ")
	kind, code := b[0], b[1]
	switch kind {
	case icmpEcho, icmpEchoReply, icmpTimestamp:
		f.need(b, 8)
		id, seq := uint32(binary.BigEndian.Uint16(b[4:])), uint32(binary.BigEndian.Uint16(b[6:]))
		switch kind {
		case icmpEcho:
			f.str("echo request, id ").uint(id).str(", seq ").uint(seq)
		case icmpEchoReply:
			f.str("echo reply, id ").uint(id).str(", seq ").uint(seq)
		default:
			f.str("time stamp query id ").uint(id).str(" seq ").uint(seq)
		}
	case icmpUnreachable:
		return f.icmpUnreachable(b, code)
	case icmpRedirect:
		f.need(b, 28)
		words := map[uint8][2]string{0: {"redirect ", "net "}, 1: {"redirect ", "host "}, 2: {"redirect-tos ", "net "}, 3: {"redirect-tos ", "host "}}[code]
		f.numbered(words[0], "redirect-#", uint32(code), " ").ip4(b[24:]).str(" to ").str(words[1]).ip4(b[4:])
	case icmpRouterAdvert:
		return f.icmpRouterAdvert(b)
	case icmpTimeExceeded:
		if len(b) < 28 {
			return false
		}
		name := map[uint8]string{0: "time exceeded in-transit", 1: "ip reassembly time exceeded"}[code]
		f.numbered(name, "time exceeded-#", uint32(code), "")
	case icmpParameter:
		if code != 0 {
			f.str("parameter problem - code ").uint(uint32(code))
		} else {
			f.need(b, 5)
			f.str("parameter problem - octet ").uint(uint32(b[4]))
		}
	case icmpMaskReply:
		f.need(b, 12)
		f.str("address mask is 0x").hexPadded(uint64(binary.BigEndian.Uint32(b[8:])), 8)
	case icmpTimestampRe:
		if len(b) < 20 {
			return false
		}
		f.str("time stamp reply id ").uint(uint32(binary.BigEndian.Uint16(b[4:])))
		f.str(" seq ").uint(uint32(binary.BigEndian.Uint16(b[6:])))
		f.str(": org ").icmpTime(b[8:]).str(", recv ").icmpTime(b[12:]).str(", xmit ").icmpTime(b[16:])
	default:
		f.numbered(icmpNames[kind], "type-#", uint32(kind), "")
	}
	return true
}

func (f *formatter) icmpRouterAdvert(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	f.str("router advertisement lifetime ")
	life := uint32(binary.BigEndian.Uint16(b[6:]))
	switch {
	case life < 60:
		f.uint(life)
	case life < 3600:
		f.uint(life / 60).char(':').two(life % 60)
	default:
		f.uint(life / 3600).char(':').two(life % 3600 / 60).char(':').two(life % 60)
	}
	n, size := int(b[4]), b[5]
	f.char(' ').uint(uint32(n)).char(':')
	if size != 2 {
		f.str(" [size ").uint(uint32(size)).char(']')
		return true
	}
	for b = b[8:]; n > 0; n, b = n-1, b[8:] {
		if len(b) < 8 {
			return false
		}
		f.str(" {").ip4(b).char(' ').uint(binary.BigEndian.Uint32(b[4:])).char('}')
	}
	return true
}

// icmpTime prints milliseconds since midnight UTC.
func (f *formatter) icmpTime(b []byte) *formatter {
	v := binary.BigEndian.Uint32(b)
	s := v / 1000
	// Values beyond a day are not times (RFC 792); their hours have more digits.
	if h := s / 3600; h < 100 {
		f.two(h)
	} else {
		f.uint(h)
	}
	f.char(':').two(s / 60 % 60).char(':').two(s % 60).char('.')
	return f.char(byte('0' + v/100%10)).two(v % 100)
}

// icmpUnreachableTexts stand around the destination that cannot be reached, by
// code; those of codes 2 to 4 tell more.
var icmpUnreachableTexts = [...]struct{ before, after string }{
	0: {"net ", " unreachable"}, 1: {"host ", " unreachable"},
	5: {"", " unreachable - source route failed"},
	6: {"net ", " unreachable - unknown"}, 7: {"host ", " unreachable - unknown"},
	8: {"", " unreachable - source host isolated"},
	9: {"net ", " unreachable - admin prohibited"}, 10: {"host ", " unreachable - admin prohibited"},
	11: {"net ", " unreachable - tos prohibited"}, 12: {"host ", " unreachable - tos prohibited"},
	13: {"host ", " unreachable - admin prohibited filter"},
	14: {"host ", " unreachable - host precedence violation"},
	15: {"host ", " unreachable - precedence cutoff"},
}

// icmpUnreachable prints what could not be reached (RFC 792, RFC 1191, RFC 1812
// §5.2.7.1).
func (f *formatter) icmpUnreachable(b []byte, code uint8) bool {
	switch code {
	case 3:
		if len(b) < 18 {
			return false
		}
		hlen := int(b[8]&15) * 4
		f.need(b, max(8+hlen+4, 28))
		port := binary.BigEndian.Uint16(b[8+hlen+2:])
		f.ip4(b[24:])
		switch proto := b[17]; proto {
		case protoTCP:
			f.str(" tcp port ").port("tcp", port)
		case protoUDP:
			f.str(" udp port ").port("udp", port)
		default:
			f.str(" protocol ").uint(uint32(proto)).str(" port ").uint(uint32(port))
		}
		f.str(" unreachable")
		return true
	case 2:
		f.need(b, 28)
		f.ip4(b[24:]).str(" protocol ").uint(uint32(b[17])).str(" unreachable")
		return true
	}
	f.need(b, 28)
	switch {
	case code == 4:
		f.ip4(b[24:]).str(" unreachable - need to frag")
		if mtu := binary.BigEndian.Uint16(b[6:]); mtu != 0 {
			f.str(" (mtu ").uint(uint32(mtu)).char(')')
		}
	case int(code) < len(icmpUnreachableTexts):
		t := icmpUnreachableTexts[code]
		f.str(t.before).ip4(b[24:]).str(t.after)
	default:
		f.ip4(b[24:]).str(" unreachable - #").uint(uint32(code))
	}
	return true
}
