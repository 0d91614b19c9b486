package tcpdump

import (
	"bytes"
	"encoding/binary"

	"chatlab/sniffer/tcp"
)

// tcpFlags is the text of each value of the flags byte.
var tcpFlags = func() (t [256]string) {
	for v := range t {
		t[v] = "Flags [" + tcp.Flags(v).String() + "]"
	}
	return t
}()

// tcp prints a TCP segment (tcp_print in print-tcp.c). length is that of the
// header and the payload.
func (f *formatter) tcp(b []byte, length uint32, iph []byte, fragmented bool) {
	f.proto = "tcp"
	if len(b) < 4 {
		f.addresses(iph).char(':')
		f.trunc()
		return
	}
	sport, dport := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	f.endpoints("tcp", protoTCP, iph, sport, dport)
	if len(b) < tcp.MinHeader {
		f.trunc()
		return
	}
	hlen := uint32(b[12]>>4) * 4
	if hlen < tcp.MinHeader {
		f.str(" tcp ").uint(length - hlen).str(" [bad hdr length ").uint(hlen).str(" - too short, < 20]")
		return
	}
	if f.opt.Quiet > 0 {
		f.str("tcp ").uint(length - hlen)
		if hlen > length {
			f.tcpTooLong(hlen, length)
		}
		return
	}
	seq, ack := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	flags := tcp.Flags(b[13])
	f.str(tcpFlags[flags])

	// What SACK blocks are counted from: the other side's start.
	var base uint32
	if !f.opt.Absolute && flags&tcp.ACK != 0 {
		seq, ack, base = f.relative(iph, sport, dport, seq, ack, flags&tcp.SYN != 0)
	}
	if hlen > length {
		f.tcpTooLong(hlen, length)
		return
	}
	if f.opt.Verbose > 0 && !f.opt.NoChecksums && !fragmented && len(b) >= int(length) {
		f.str(", cksum 0x").checksum(binary.BigEndian.Uint16(b[16:]),
			transportChecksum(iph, protoTCP, b, length, length))
	}
	length -= hlen
	if length > 0 || flags&(tcp.SYN|tcp.FIN|tcp.RST) != 0 || f.opt.Verbose > 1 {
		f.str(", seq ").uint(seq)
		if length > 0 {
			f.char(':').uint(seq + length)
		}
	}
	if flags&tcp.ACK != 0 {
		f.str(", ack ").uint(ack)
	}
	f.str(", win ").uint(uint32(binary.BigEndian.Uint16(b[14:])))
	if flags&tcp.URG != 0 {
		f.str(", urg ").uint(uint32(binary.BigEndian.Uint16(b[18:])))
	}
	if hlen > tcp.MinHeader {
		f.str(", options [")
		if !f.tcpOptions(b, hlen-tcp.MinHeader, length, iph, flags, base) {
			return
		}
		f.char(']')
	}
	f.str(", length ").uint(length)
	if length == 0 {
		return
	}
	f.needHeader(b, hlen)
	b = b[hlen:]
	if flags&tcp.RST != 0 && f.opt.Verbose > 0 {
		f.resetData(b, length)
	} else {
		f.tcpPayload(b, length, sport, dport)
	}
}

// endpoints prints addresses and ports before a segment or datagram. Behind a
// header between IP and it, there are the ports alone.
func (f *formatter) endpoints(network string, proto uint8, iph []byte, sport, dport uint16) {
	switch {
	case upperProtocol(iph) != proto:
		f.port(network, sport).str(" > ").port(network, dport).str(": ")
	case iph[0]>>4 == 6:
		f.ip6(iph[8:]).char('.').port(network, sport).str(" > ").ip6(iph[24:]).char('.').port(network, dport).str(": ")
	default:
		f.ip4(iph[12:]).char('.').port(network, sport).str(" > ").ip4(iph[16:]).char('.').port(network, dport).str(": ")
	}
}

// upperProtocol is what an IPv4 or IPv6 header says stands behind it.
func upperProtocol(iph []byte) uint8 {
	if iph[0]>>4 == 6 {
		return iph[6]
	}
	return iph[9]
}

func (f *formatter) tcpTooLong(hlen, length uint32) {
	f.str(" [bad hdr length ").uint(hlen).str(" - too long, > ").uint(length).char(']')
}

// checksum prints a checksum and whether it is right.
func (f *formatter) checksum(got, computed uint16) {
	f.hexPadded(uint64(got), 4)
	if computed == 0 {
		f.str(" (correct)")
	} else {
		f.str(" (incorrect -> 0x").hexPadded(uint64(shouldBe(got, computed)), 4).char(')')
	}
}

// relative counts seq and ack from where their sides started. The first segment
// with ACK of a conversation, and each SYN with ACK, says where that is and
// stays absolute. base is the start of the side that this segment goes to.
func (f *formatter) relative(iph []byte, sport, dport uint16, seq, ack uint32, syn bool) (s, a, base uint32) {
	var conv *conversation
	var known, rev bool
	if iph[0]>>4 == 6 {
		src, dst := iph[8:24], iph[24:40]
		rev = sport > dport || sport == dport && bytes.Compare(src, dst) > 0
		if rev {
			src, dst, sport, dport = dst, src, dport, sport
		}
		var key [36]byte
		copy(key[:], src)
		copy(key[16:], dst)
		binary.BigEndian.PutUint16(key[32:], sport)
		binary.BigEndian.PutUint16(key[34:], dport)
		conv, known = f.convs.find6(&key)
	} else {
		src, dst := binary.BigEndian.Uint32(iph[12:]), binary.BigEndian.Uint32(iph[16:])
		rev = sport > dport || sport == dport && src > dst
		if rev {
			src, dst, sport, dport = dst, src, dport, sport
		}
		var key [12]byte
		binary.LittleEndian.PutUint32(key[:], src)
		binary.LittleEndian.PutUint32(key[4:], dst)
		binary.LittleEndian.PutUint32(key[8:], uint32(sport)<<16|uint32(dport))
		conv, known = f.convs.find4(&key)
	}
	if !known || syn {
		if rev {
			conv.ack, conv.seq = seq, ack-1
		} else {
			conv.seq, conv.ack = seq, ack-1
		}
	} else if rev {
		seq, ack = seq-conv.ack, ack-conv.seq
	} else {
		seq, ack = seq-conv.seq, ack-conv.ack
	}
	if rev {
		return seq, ack, conv.seq
	}
	return seq, ack, conv.ack
}

// resetData prints what a reset carries (RFC 1122 §4.2.2.12).
func (f *formatter) resetData(b []byte, length uint32) {
	const most = 30
	if len(b) >= int(length) {
		f.str(" [RST")
	} else {
		f.str(" [!RST")
	}
	if length > most {
		length = most
		f.char('+')
	}
	f.char(' ')
	for _, c := range b[:min(len(b), int(length))] {
		f.printable(c)
	}
	f.char(']')
}

// printable prints a byte as fn_print_char in util-print.c does: M- before one
// with the high bit, ^ before a control character.
func (f *formatter) printable(c byte) {
	if c >= 0x80 {
		c &= 0x7f
		f.str("M-")
	}
	if c < ' ' || c == 0x7f {
		c ^= 0x40
		f.char('^')
	}
	f.char(c)
}
