package tcpdump

import (
	"crypto/md5"
	"encoding/binary"

	"chatlab/sniffer/tcp"
)

// tcpOptions prints left bytes of options behind the header in b. base is what
// SACK blocks are counted from. It reports false where the packet's text ends:
// behind an option that cannot be, or whose data was cut.
func (f *formatter) tcpOptions(b []byte, left, payload uint32, iph []byte, flags tcp.Flags, base uint32) bool {
	o := b[tcp.MinHeader:]
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
		if len(o) > 0 && tcp.OptionKind(o[0]) == tcp.NoOperation { // most are; ReadOption takes longer
			f.str(tcp.NoOperation.String())
			o, left = o[1:], left-1
			continue
		}
		option, err := tcp.ReadOption(o, int(left))
		if err != nil {
			if err == tcp.ErrNoLength {
				f.need(o, 2)
			}
			return bad()
		}
		kind, size := option.Kind, uint32(option.Size)
		f.str(kind.String())
		if kind == tcp.EndOfOptions {
			break
		}
		o, left = o[2:], left-2

		// n is how many bytes the kind takes, size-2 unless that is fixed.
		n := size - 2
		switch kind {
		case tcp.SACKPermitted:
			n = 0
		case tcp.WindowScale:
			n = 1
		case tcp.MaximumSegmentSize, tcp.SCPSCapabilities, tcp.UserTimeout:
			n = 2
		case tcp.Echo, tcp.EchoReply, tcp.CC, tcp.CCNew, tcp.CCEcho:
			n = 4
		case tcp.Timestamps:
			n = 8
		case tcp.MD5Signature:
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
		case tcp.SACKPermitted:
		case tcp.MaximumSegmentSize:
			f.char(' ').uint(uint32(binary.BigEndian.Uint16(v)))
		case tcp.WindowScale:
			f.char(' ').uint(uint32(v[0]))
		case tcp.Echo, tcp.EchoReply, tcp.CC, tcp.CCNew, tcp.CCEcho:
			f.char(' ').uint(binary.BigEndian.Uint32(v))
		case tcp.Timestamps:
			f.str(" val ").uint(binary.BigEndian.Uint32(v)).str(" ecr ").uint(binary.BigEndian.Uint32(v[4:]))
		case tcp.SACK:
			f.sack(v, n, base)
		case tcp.MD5Signature:
			f.signature(b, payload, iph, v)
		case tcp.SCPSCapabilities:
			f.str(" cap ").hexPadded(uint64(v[0]), 2).str(" id ").uint(uint32(v[1]))
		case tcp.UserTimeout:
			f.userTimeout(binary.BigEndian.Uint16(v))
		case tcp.Authentication:
			f.authentication(v, n)
		case tcp.Multipath:
			if !f.mptcp(v, flags) {
				return bad()
			}
		case tcp.FastOpen:
			f.char(' ')
			f.fastOpen(v)
		case tcp.Experiment2:
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
func printsPart(kind tcp.OptionKind) bool {
	return kind == tcp.SACK || kind == tcp.Authentication || !kind.Known()
}

// ignoresLength reports whether an option is so wrong that its bytes are not
// looked at.
func ignoresLength(kind tcp.OptionKind, n uint32) bool {
	return kind == tcp.SACK && n%8 != 0 || kind == tcp.Authentication && n < 2
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

// signature prints a TCP-MD5 signature (RFC 2385) and, with the secret of -M,
// whether it is right. b is the segment.
func (f *formatter) signature(b []byte, payload uint32, iph, sig []byte) {
	f.char(' ')
	hlen := int(b[12]>>4) * 4
	if uint64(len(b)) < uint64(hlen)+uint64(payload) {
		f.str("snaplen too short, can't check - ").hexBytes(sig)
		return
	}
	if f.opt.Secret == "" {
		f.str("shared secret not supplied with -M, can't check - ").hexBytes(sig)
		return
	}
	if md5Sum(b, payload, iph, f.opt.Secret) == [16]byte(sig) {
		f.str("valid")
	} else {
		f.invalid()
	}
}

// md5Sum is the signature that a segment should have: over the pseudo header,
// the header without options and checksum, the payload and the secret (RFC 2385
// §2).
func md5Sum(b []byte, payload uint32, iph []byte, secret string) [16]byte {
	hlen := int(b[12]>>4) * 4
	var p []byte
	if iph[0]>>4 == 4 {
		p = append(p, iph[12:20]...)
		p = append(p, 0, iph[9])
		p = binary.BigEndian.AppendUint16(p, binary.BigEndian.Uint16(iph[2:])-uint16(iph[0]&15)*4)
	} else {
		p = append(p, iph[8:40]...)
		p = append(p, 0, 0, iph[4], iph[5], 0, 0, 0, protoTCP)
	}
	p = append(p, b[:16]...)
	p = append(p, 0, 0, b[18], b[19])
	p = append(p, b[hlen:hlen+int(payload)]...)
	p = append(p, secret...)
	return md5.Sum(p)
}
