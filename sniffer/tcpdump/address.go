package tcpdump

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
)

// Names makes names of numbers. A name of "" leaves the number.
type Names interface {
	// Host gives the name of an IPv4 or IPv6 address.
	Host(netip.Addr) string
	// Port gives the name of a port; network is "tcp" or "udp".
	Port(network string, port uint16) string
}

// octets holds each byte in decimal with a dot after it, the first character
// in the low byte, and the number of characters with the dot.
var octets = func() (t [256]struct {
	text uint32
	n    uint8
}) {
	for i := range t {
		b := append(appendUint(nil, uint32(i)), '.')
		t[i].n = uint8(len(b))
		t[i].text = binary.LittleEndian.Uint32(append(b, 0, 0, 0))
	}
	return t
}()

// ip4 prints an IPv4 address.
func (f *formatter) ip4(a []byte) *formatter {
	_ = a[3]
	if f.opt.Names != nil {
		if f.host(netip.AddrFrom4([4]byte(a))) {
			return f
		}
	}
	n := len(f.out)
	f.out = slices.Grow(f.out, 16)
	w := f.out[n : n+16]
	i := 0
	for _, c := range a[:4] {
		o := octets[c]
		binary.LittleEndian.PutUint32(w[i&15:], o.text)
		i += int(o.n)
	}
	f.out = f.out[:n+i-1]
	return f
}

func (f *formatter) host(a netip.Addr) bool {
	name := f.opt.Names.Host(a)
	if f.opt.NoDomain {
		name, _, _ = strings.Cut(name, ".")
	}
	f.str(name)
	return name != ""
}

// ip6 prints an IPv6 address as addrtostr6 in addrtostr.c does: the longest run
// of two zero groups or more, the first of equals, becomes "::"; mapped and
// compatible IPv4 addresses end dotted.
func (f *formatter) ip6(a []byte) *formatter {
	_ = a[15]
	if f.opt.Names != nil {
		if f.host(netip.AddrFrom16([16]byte(a))) {
			return f
		}
	}
	var w [8]uint16
	for i := range w {
		w[i] = binary.BigEndian.Uint16(a[2*i:])
	}
	best, bestLen := -1, 1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && w[j] == 0 {
			j++
		}
		if j-i > bestLen {
			best, bestLen = i, j-i
		}
		if j > i {
			i = j
		}
	}
	for i := 0; i < 8; i++ {
		if i == best {
			f.char(':')
			i += bestLen - 1
			if i == 7 {
				f.char(':')
			}
			continue
		}
		if i > 0 {
			f.char(':')
		}
		if i == 6 && best == 0 && (bestLen == 6 || bestLen == 5 && w[5] == 0xffff) {
			names := f.opt.Names
			f.opt.Names = nil
			f.ip4(a[12:])
			f.opt.Names = names
			break
		}
		f.hex(uint64(w[i]))
	}
	return f
}

// mac prints an Ethernet address, and without -n who it was given to.
func (f *formatter) mac(a []byte) *formatter {
	f.colons(a[:6])
	if f.opt.Numeric == 0 {
		f.str(" (oui ").named(ouiNames[uint32(a[0])<<16|uint32(a[1])<<8|uint32(a[2])], "Unknown").str(")")
	}
	return f
}

// port prints a port of "tcp" or "udp".
func (f *formatter) port(network string, p uint16) *formatter {
	if f.opt.Names != nil {
		if name := f.opt.Names.Port(network, p); name != "" {
			return f.str(name)
		}
	}
	f.out = appendUint(f.out, uint32(p))
	return f
}
