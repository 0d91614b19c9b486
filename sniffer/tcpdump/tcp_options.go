package tcpdump

import (
	"encoding/binary"
	"strings"
)

// Kinds of TCP options (tcp.h).
const (
	tcpOptEOL       = 0
	tcpOptNOP       = 1
	tcpOptMSS       = 2
	tcpOptWScale    = 3
	tcpOptSACKOK    = 4
	tcpOptSACK      = 5
	tcpOptEcho      = 6
	tcpOptEchoReply = 7
	tcpOptTimestamp = 8
	tcpOptCC        = 11
	tcpOptCCNew     = 12
	tcpOptCCEcho    = 13
	tcpOptSignature = 19
	tcpOptSCPS      = 20
	tcpOptUTO       = 28
	tcpOptAO        = 29
	tcpOptMPTCP     = 30
	tcpOptFastOpen  = 34
	tcpOptExp2      = 254
)

// tcpOptionNames holds the name of each kind; that of CC.ECHO is empty, as
// tcpdump's is.
var tcpOptionNames = func() (t [256]string) {
	for kind := range t {
		t[kind] = "unknown-" + string(appendUint(nil, uint32(kind)))
	}
	for kind, name := range map[int]string{
		tcpOptEOL: "eol", tcpOptNOP: "nop", tcpOptMSS: "mss", tcpOptWScale: "wscale",
		tcpOptSACKOK: "sackOK", tcpOptSACK: "sack", tcpOptEcho: "echo", tcpOptEchoReply: "echoreply",
		tcpOptTimestamp: "TS", tcpOptCC: "cc", tcpOptCCNew: "ccnew", tcpOptCCEcho: "",
		tcpOptSignature: "md5", tcpOptSCPS: "scps", tcpOptUTO: "uto", tcpOptAO: "tcp-ao",
		tcpOptMPTCP: "mptcp", tcpOptFastOpen: "tfo", tcpOptExp2: "exp",
	} {
		t[kind] = name
	}
	return t
}()

// tcpOptions prints left bytes of options behind the header in b. base is what
// SACK blocks are counted from. It reports false where the packet's text ends:
// behind an option that cannot be, or whose data was cut.
func (f *formatter) tcpOptions(b []byte, left, payload uint32, iph []byte, flags byte, base uint32) bool {
	o := b[tcpHeader:]
	for first := true; left > 0; first = false {
		if !first {
			f.char(',')
		}
		// An option that is wrong or cut: the list is closed, with ']' or, as
		// tcpdump has it, '>', unless it is the first.
		bad := func() bool {
			f.str("[bad opt]")
			if !first {
				f.char(']')
			}
			return false
		}
		cut := func() bool {
			f.trunc()
			if !first {
				f.char('>')
			}
			return false
		}
		f.need(o, 1)
		kind := o[0]
		o = o[1:]
		if kind == tcpOptEOL || kind == tcpOptNOP {
			left--
			f.str(tcpOptionNames[kind])
			if kind == tcpOptEOL {
				break
			}
			continue
		}
		f.need(o, 1)
		size := uint32(o[0])
		o = o[1:]
		if size < 2 || size > left {
			return bad()
		}
		left -= 2
		f.str(tcpOptionNames[kind])

		// n is how many bytes the kind takes, size-2 unless that is fixed.
		n := size - 2
		switch kind {
		case tcpOptSACKOK:
			n = 0
		case tcpOptWScale:
			n = 1
		case tcpOptMSS, tcpOptSCPS, tcpOptUTO:
			n = 2
		case tcpOptEcho, tcpOptEchoReply, tcpOptCC, tcpOptCCNew, tcpOptCCEcho:
			n = 4
		case tcpOptTimestamp:
			n = 8
		case tcpOptSignature:
			n = 16
		}
		if n > left {
			return bad()
		}
		whole := len(o) >= int(n)
		if !whole && !printsPart(kind) {
			return cut()
		}
		v := o[:min(len(o), int(n))]
		switch kind {
		case tcpOptSACKOK:
		case tcpOptMSS:
			f.char(' ').uint(uint32(binary.BigEndian.Uint16(v)))
		case tcpOptWScale:
			f.char(' ').uint(uint32(v[0]))
		case tcpOptEcho, tcpOptEchoReply, tcpOptCC, tcpOptCCNew, tcpOptCCEcho:
			f.char(' ').uint(binary.BigEndian.Uint32(v))
		case tcpOptTimestamp:
			f.str(" val ").uint(binary.BigEndian.Uint32(v)).str(" ecr ").uint(binary.BigEndian.Uint32(v[4:]))
		case tcpOptSACK:
			f.sack(v, n, base)
		case tcpOptSignature:
			f.signature(b, payload, iph, v)
		case tcpOptSCPS:
			f.str(" cap ").hexPadded(uint64(v[0]), 2).str(" id ").uint(uint32(v[1]))
		case tcpOptUTO:
			f.userTimeout(binary.BigEndian.Uint16(v))
		case tcpOptAO:
			f.authentication(v, n)
		case tcpOptMPTCP:
			if !f.mptcp(v, flags) {
				return bad()
			}
		case tcpOptFastOpen:
			f.char(' ')
			f.fastOpen(v)
		case tcpOptExp2:
			if n < 2 {
				return bad()
			}
			f.char('-')
			if magic := binary.BigEndian.Uint16(v); magic == 0xf989 { // RFC 7413
				f.str("tfo")
				f.fastOpen(v[2:])
			} else {
				f.hexPadded(uint64(magic), 4)
			}
		default:
			if n > 0 {
				f.str(" 0x").hexBytes(v)
			}
		}
		if !whole && !ignoresLength(kind, n) {
			return cut()
		}
		o = o[min(len(o), int(n)):]
		left -= n
		if n+2 != size {
			f.str("[len ").uint(size).char(']')
		}
	}
	return true
}

// printsPart reports whether an option prints the bytes there are before it
// finds that some were not captured.
func printsPart(kind byte) bool {
	return kind == tcpOptSACK || kind == tcpOptAO || strings.HasPrefix(tcpOptionNames[kind], "unknown")
}

// ignoresLength reports whether an option is so wrong that its bytes are not
// looked at.
func ignoresLength(kind byte, n uint32) bool {
	return kind == tcpOptSACK && n%8 != 0 || kind == tcpOptAO && n < 2
}

// sack prints SACK blocks (RFC 2018 §3).
func (f *formatter) sack(v []byte, n, base uint32) {
	if n%8 != 0 {
		f.str(" invalid sack")
		return
	}
	f.char(' ').uint(n / 8).char(' ')
	for ; len(v) >= 8; v = v[8:] {
		f.char('{').uint(binary.BigEndian.Uint32(v) - base).char(':')
		f.uint(binary.BigEndian.Uint32(v[4:]) - base).char('}')
	}
}

// userTimeout prints a user timeout (RFC 5482 §3): the lowest bit says minutes.
// tcpdump takes it for the unit and the rest for the value.
func (f *formatter) userTimeout(v uint16) {
	f.str(" 0x").hex(uint64(v)).char(' ')
	t := uint32(v >> 1)
	if v&1 != 0 {
		t *= 60
	}
	f.uint(t)
}

// authentication prints an authentication option (RFC 5925 §2.2).
func (f *formatter) authentication(v []byte, n uint32) {
	if n < 2 {
		f.invalid()
		return
	}
	if len(v) < 1 {
		return
	}
	f.str(" keyid ").uint(uint32(v[0]))
	if len(v) < 2 {
		return
	}
	f.str(" rnextkeyid ").uint(uint32(v[1]))
	if n > 2 {
		f.str(" mac 0x").hexBytes(v[2:])
	}
}

// fastOpen prints a cookie (RFC 7413 §4.1.1).
func (f *formatter) fastOpen(v []byte) {
	switch {
	case len(v) == 0:
		f.str(" cookiereq")
	case len(v)%2 != 0 || len(v) < 4 || len(v) > 16:
		f.invalid()
	default:
		f.str(" cookie ").hexBytes(v)
	}
}
