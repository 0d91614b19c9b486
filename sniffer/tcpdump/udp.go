package tcpdump

import "encoding/binary"

const udpHeader = 8

// udp prints a UDP datagram (udp_print in print-udp.c). What it carries is named and
// not decoded.
func (f *formatter) udp(b []byte, length uint32, iph []byte, fragmented bool) {
	f.proto = "udp"
	if len(b) < 4 {
		if upperProtocol(iph) == protoUDP {
			f.addresses(iph).str(": ")
		}
		f.trunc()
		return
	}
	sport, dport := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	f.endpoints("udp", protoUDP, iph, sport, dport)
	if length < udpHeader {
		f.str("truncated-udp ").uint(length)
		return
	}
	if len(b) < 6 {
		f.trunc()
		return
	}
	size := uint32(binary.BigEndian.Uint16(b[4:]))
	if size == 0 && length > 65535 {
		size = length // RFC 2675 §4
	}
	if size < udpHeader {
		f.str("truncated-udplength ").uint(size)
		return
	}
	size -= udpHeader
	length = min(length-udpHeader, size)
	if len(b) < udpHeader {
		f.trunc()
		return
	}
	if f.opt.Quiet == 0 && f.nfsDatagram(b[udpHeader:], sport, dport) {
		return
	}
	if f.opt.Verbose > 0 && !f.opt.NoChecksums && !fragmented {
		f.udpChecksum(b, length, iph)
	}
	if f.opt.Quiet == 0 && f.udpPayload(size, sport, dport) {
		return
	}
	if size > length && !fragmented {
		f.str("UDP, bad length ").uint(size).str(" > ").uint(length)
	} else {
		f.str("UDP, length ").uint(size)
	}
}

// udpChecksum prints whether the checksum is right: over IPv6, where it must be
// there, with -v, over IPv4 with -vv.
func (f *formatter) udpChecksum(b []byte, length uint32, iph []byte) {
	got := binary.BigEndian.Uint16(b[6:])
	if iph[0]>>4 == 4 {
		if f.opt.Verbose < 2 {
			return
		}
		if got == 0 {
			f.str("[no cksum] ")
			return
		}
	}
	if len(b) < udpHeader+int(length) {
		return
	}
	length += udpHeader
	f.checksumNote("udp", got, transportChecksum(iph, protoUDP, b, length, length))
}
