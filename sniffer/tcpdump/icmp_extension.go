package tcpdump

import "encoding/binary"

// icmpExtension is where RFC 4884 puts the extensions of an ICMP error, at the
// earliest: behind 128 bytes of the packet that it is about. print-icmp.c looks
// for them there only.
const icmpExtension = 8 + 128

// icmpExtensions prints the extensions of an ICMP error, of which a router's
// MPLS labels are the usual ones (icmp_print in print-icmp.c; RFC 4884, RFC 4950).
func (f *formatter) icmpExtensions(b []byte, length uint32) {
	if length <= icmpExtension {
		return
	}
	if len(b) < icmpExtension+5 {
		f.trunc()
		return
	}
	left := length - icmpExtension
	hasLength := b[5] != 0
	b = b[icmpExtension:]
	whole := len(b) >= int(left)
	var sum uint16
	if whole {
		sum = fold(sum16(0, b[:left]))
	}
	if !hasLength && whole && sum != 0 {
		return // no extensions: more of the packet
	}
	version := b[0] >> 4
	f.str("\n\tICMP Multi-Part extension v").uint(uint32(version))
	if version != 2 {
		f.str(" packet not supported")
		return
	}
	if whole {
		right := "correct"
		if sum != 0 {
			right = "incorrect"
		}
		f.str(", checksum 0x").hexPadded(uint64(binary.BigEndian.Uint16(b[2:])), 4)
		f.str(" (").str(right).str("), length ").uint(left)
	}
	// Of less than four bytes tcpdump's unsigned subtraction makes very many.
	f.icmpObjects(b[4:], left-4)
}

var icmpObjectNames = map[uint8]string{icmpMPLS: "MPLS Stack Entry", 2: "Interface Identification"}

const icmpMPLS = 1

// icmpObjects prints the objects of an extension, length bytes of them.
func (f *formatter) icmpObjects(b []byte, length uint32) {
	const header = 4
	for length > header {
		if len(b) < header {
			f.trunc()
			return
		}
		size, class, kind := uint32(binary.BigEndian.Uint16(b)), b[2], b[3]
		f.str("\n\t  ").named(icmpObjectNames[class], "unknown").str(" Object (").uint(uint32(class)).str("), Class-Type: ").uint(uint32(kind))
		f.str(", length ").uint(size)
		if class == 0 || size < header {
			return
		}
		b, length, size = b[header:], length-header, size-header
		if class == icmpMPLS && kind == 1 {
			f.need(b, 4)
			label := binary.BigEndian.Uint32(b)
			f.str("\n\t    label ").uint(label >> 12).str(", tc ").uint(label >> 9 & 7)
			if label&0x100 != 0 {
				f.str(", [S]")
			}
			f.str(", ttl ").uint(label & 0xff)
		} else {
			f.hexPrintIndent("\n\t    ", b[:min(len(b), int(size))])
		}
		if length < size {
			break
		}
		b, length = b[min(len(b), int(size)):], length-size
	}
}
