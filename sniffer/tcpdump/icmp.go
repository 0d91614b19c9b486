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
func (f *formatter) icmp(b []byte, length uint32, fragmented bool) bool {
	f.proto = "icmp"
	if len(b) < 2 {
		return false
	}
	start := len(f.out)
	f.str("ICMP ")
	switch f.icmpMessage(b) {
	case icmpCut: // by longjmp: nothing of the message is printed
		f.out = f.out[:start]
		return false
	case icmpMarked:
		f.out = f.out[:start]
		f.trunc()
		return true
	}
	f.str(", length ").uint(length)
	if f.opt.Verbose == 0 {
		return true
	}
	if !fragmented && len(b) >= int(length) {
		if sum := fold(sum16(0, b[:length])); sum != 0 {
			if len(b) < 4 {
				return false
			}
			got := binary.BigEndian.Uint16(b[2:])
			f.str(" (wrong icmp cksum ").hex(uint64(got)).str(" (->").hex(uint64(shouldBe(got, sum))).str(")!)")
		}
	}
	switch b[0] {
	case icmpUnreachable, icmpSourceQuench, icmpRedirect, icmpTimeExceeded, icmpParameter:
		f.str("\n\t")
		if len(b) < 12 {
			return false
		}
		inner := b[8:]
		n := int(binary.BigEndian.Uint16(inner[2:]))
		if !f.ip(inner[:min(len(inner), n)], uint32(n)) {
			return false
		}
		f.proto = "icmp"
	}
	switch b[0] {
	case icmpUnreachable, icmpTimeExceeded, icmpParameter:
		return f.icmpExtensions(b, length)
	}
	return true
}

// What became of a message's text.
const (
	icmpWhole  = iota
	icmpCut    // captured bytes ran out in a field
	icmpMarked // they ran out where print-icmp.c looks ahead
)

func (f *formatter) icmpMessage(b []byte) int {
	kind, code := b[0], b[1]
	switch kind {
	case icmpEcho, icmpEchoReply, icmpTimestamp:
		if len(b) < 8 {
			return icmpCut
		}
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
		if len(b) < 28 {
			return icmpCut
		}
		switch code {
		case 0, 1:
			f.str("redirect ")
		case 2, 3:
			f.str("redirect-tos ")
		default:
			f.str("redirect-#").uint(uint32(code)).char(' ')
		}
		f.ip4(b[24:]).str(" to ")
		switch code {
		case 0, 2:
			f.str("net ")
		case 1, 3:
			f.str("host ")
		}
		f.ip4(b[4:])
	case icmpRouterAdvert:
		return f.icmpRouterAdvert(b)
	case icmpTimeExceeded:
		if len(b) < 28 {
			return icmpMarked
		}
		switch code {
		case 0:
			f.str("time exceeded in-transit")
		case 1:
			f.str("ip reassembly time exceeded")
		default:
			f.str("time exceeded-#").uint(uint32(code))
		}
	case icmpParameter:
		if code != 0 {
			f.str("parameter problem - code ").uint(uint32(code))
		} else if len(b) < 5 {
			return icmpCut
		} else {
			f.str("parameter problem - octet ").uint(uint32(b[4]))
		}
	case icmpMaskReply:
		if len(b) < 12 {
			return icmpCut
		}
		f.str("address mask is 0x").hexPadded(uint64(binary.BigEndian.Uint32(b[8:])), 8)
	case icmpTimestampRe:
		if len(b) < 20 {
			return icmpMarked
		}
		f.str("time stamp reply id ").uint(uint32(binary.BigEndian.Uint16(b[4:])))
		f.str(" seq ").uint(uint32(binary.BigEndian.Uint16(b[6:])))
		f.str(": org ").icmpTime(b[8:]).str(", recv ").icmpTime(b[12:]).str(", xmit ").icmpTime(b[16:])
	default:
		if name := icmpNames[kind]; name != "" {
			f.str(name)
		} else {
			f.str("type-#").uint(uint32(kind))
		}
	}
	return icmpWhole
}

func (f *formatter) icmpRouterAdvert(b []byte) int {
	if len(b) < 8 {
		return icmpMarked
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
		return icmpWhole
	}
	for b = b[8:]; n > 0; n, b = n-1, b[8:] {
		if len(b) < 8 {
			return icmpMarked
		}
		f.str(" {").ip4(b).char(' ').uint(binary.BigEndian.Uint32(b[4:])).char('}')
	}
	return icmpWhole
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
