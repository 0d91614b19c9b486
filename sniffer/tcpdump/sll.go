package tcpdump

import (
	"cmp"
	"encoding/binary"
)

// Lengths of the headers of cooked captures.
const (
	sllHeader  = 16
	sll2Header = 20
)

// sllTypes are the packet types of packet(7) as tcpdump abbreviates them.
var sllTypes = [...]string{"In", "B", "M", "P", "Out"}

func sllType(t uint16) string {
	if int(t) < len(sllTypes) {
		return sllTypes[t]
	}
	return "?"
}

// sll prints a LINUX_SLL packet (print-sll.c).
func (f *formatter) sll(b []byte, length uint32) int {
	f.proto = "sll"
	f.need(b, sllHeader)
	h := b[:sllHeader]
	header := func(length uint32) {
		name := sllType(binary.BigEndian.Uint16(h))
		for range 3 - len(name) {
			f.char(' ')
		}
		f.str(name).char(' ')
		f.sllDescribe(binary.BigEndian.Uint16(h[4:]), h[6:12], binary.BigEndian.Uint16(h[14:]), length)
	}
	return f.sllPayload(binary.BigEndian.Uint16(h[2:]), binary.BigEndian.Uint16(h[14:]), b, length, sllHeader, header)
}

// sll2 prints a LINUX_SLL2 packet (print-sll.c).
func (f *formatter) sll2(b []byte, length uint32) int {
	f.proto = "sll2"
	f.need(b, sll2Header)
	h := b[:sll2Header]
	name := ""
	index := binary.BigEndian.Uint32(h[4:])
	if f.opt.InterfaceName != nil {
		name = f.opt.InterfaceName(index)
	}
	name = cmp.Or(name, "?")
	f.padded(name, 5).char(' ').padded(sllType(uint16(h[10])), 3).char(' ')
	header := func(length uint32) {
		f.str("ifindex ").uint(index).char(' ')
		f.sllDescribe(uint16(h[11]), h[12:18], binary.BigEndian.Uint16(h), length)
	}
	return f.sllPayload(binary.BigEndian.Uint16(h[8:]), binary.BigEndian.Uint16(h), b, length, sll2Header, header)
}

// arphrdRadiotap is the type of an interface whose packets have radiotap headers
// (linux/if_arp.h: ARPHRD_IEEE80211_RADIOTAP), whatever the protocol says.
const arphrdRadiotap = 803

// padded prints s and spaces after it up to width.
func (f *formatter) padded(s string, width int) *formatter {
	f.str(s)
	for n := len(s); n < width; n++ {
		f.char(' ')
	}
	return f
}

// Protocols of packet(7) that are no Ethernet types.
const (
	sll8023 = 1 // Novell frames without an IEEE 802.2 header
	sll8022 = 4 // IEEE 802.2
)

// sllDescribe prints what both headers have: the link-layer address if it is of
// Ethernet's length, the protocol and the length.
func (f *formatter) sllDescribe(addrLen uint16, addr []byte, protocol uint16, length uint32) {
	if addrLen == 6 {
		f.mac(addr).char(' ')
	}
	if f.opt.Quiet > 0 {
		return
	}
	switch {
	case protocol == sll8023:
		f.str("802.3")
	case protocol == sll8022:
		f.str("802.2")
	case protocol <= etherMaxLen:
		f.hexNamed("ethertype ", "", protocol)
	default:
		f.hexNamed("ethertype ", etherTypeNames[protocol], protocol)
	}
	f.str(", length ").uint(length).str(": ")
}

// sllPayload prints a cooked header of hdrlen bytes if asked to, and what follows
// it. hardware is the type of the interface.
func (f *formatter) sllPayload(hardware, typ uint16, b []byte, length uint32, hdrlen int, header func(uint32)) int {
	if f.opt.Link {
		header(length)
	}
	cooked := hdrlen
	b, length = b[hdrlen:], length-uint32(hdrlen)
	if hardware == arphrdRadiotap {
		return hdrlen + f.radiotap(b, length)
	}
	for typ == ether8021Q {
		if len(b) < 4 {
			f.proto = "vlan"
			f.trunc()
			return hdrlen + len(b)
		}
		if f.opt.Link {
			f.vlanTag(binary.BigEndian.Uint16(b)).str(", ")
		}
		typ = binary.BigEndian.Uint16(b[2:])
		if typ <= etherMaxLen {
			typ = sll8022
		}
		if f.opt.Quiet == 0 {
			f.str("ethertype ").named(etherTypeNames[typ], "Unknown").str(", ")
		}
		b, length = b[4:], length-4
		hdrlen += 4
	}
	if typ <= etherMaxLen {
		switch typ {
		case sll8023:
			f.undecoded("IPX", length)
		case sll8022:
			if n, known := f.llcHeader(b, length, nil); known {
				return hdrlen + n
			}
			f.defaultPrint(b)
		default:
			f.defaultPrint(b)
		}
		return hdrlen
	}
	if !f.etherPayload(typ, b, length) {
		if !f.opt.Link {
			header(length + uint32(cooked))
		}
		f.defaultPrint(b)
	}
	return hdrlen
}
