package tcpdump

import (
	"encoding/binary"
	"math/bits"
)

// sum16 adds the 16-bit words of b to sum; b's last byte, if odd, counts as the
// high byte of a word (RFC 1071).
func sum16(sum uint64, b []byte) uint64 {
	for len(b) >= 8 {
		var carry uint64
		sum, carry = bits.Add64(sum, binary.BigEndian.Uint64(b), 0)
		sum += carry
		b = b[8:]
	}
	// What is left is shorter than 8 bytes and cannot overflow after a fold.
	sum = sum>>32 + sum&0xffffffff
	for len(b) >= 2 {
		sum += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		sum += uint64(b[0]) << 8
	}
	return sum
}

// fold makes 16 bits of a sum and returns their complement: 0 for bytes that
// hold their right checksum.
func fold(sum uint64) uint16 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// shouldBe is the checksum that a header with checksum got should have had,
// when its sum came to computed (in_cksum_shouldbe in in_cksum.c).
func shouldBe(got, computed uint16) uint16 {
	return ^fold(uint64(got) + uint64(computed))
}

// pseudo4 sums the pseudo header of RFC 793 §3.1. With source routing the
// destination is the last hop's.
func pseudo4(iph []byte, proto uint8, length uint32) uint64 {
	sum := sum16(0, iph[12:16])
	if iph[0]&15 == 5 {
		sum = sum16(sum, iph[16:20])
	} else {
		sum = sum16(sum, finalDestination4(iph))
	}
	return sum + uint64(proto) + uint64(uint16(length))
}

// pseudo6 sums the pseudo header of RFC 8200 §8.1.
func pseudo6(iph []byte, proto uint8, length uint32) uint64 {
	sum := sum16(sum16(0, iph[8:24]), finalDestination6(iph))
	return sum + uint64(proto) + uint64(length>>16) + uint64(length&0xffff)
}

// transportChecksum sums covered bytes of b with the pseudo header of iph.
func transportChecksum(iph []byte, proto uint8, b []byte, length, covered uint32) uint16 {
	var sum uint64
	if iph[0]>>4 == 4 {
		sum = pseudo4(iph, proto, length)
	} else {
		sum = pseudo6(iph, proto, length)
	}
	return fold(sum16(sum, b[:covered]))
}

// checksumNote prints before a message whether its checksum got is right.
func (f *formatter) checksumNote(protocol string, got, computed uint16) {
	if computed == 0 {
		f.char('[').str(protocol).str(" sum ok] ")
		return
	}
	f.str("[bad ").str(protocol).str(" cksum 0x").hexPadded(uint64(got), 4)
	f.str(" -> 0x").hexPadded(uint64(shouldBe(got, computed)), 4).str("!] ")
}
