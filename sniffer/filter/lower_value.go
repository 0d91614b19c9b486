package filter

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
)

// network is an address and the bits of it that count: one word for IPv4, four
// for IPv6. A mask may have holes.
type network struct {
	addr, mask []uint32
}

func hostOf(a netip.Addr) network {
	if a = a.Unmap(); a.Is4() {
		b := a.As4()
		return network{[]uint32{binary.BigEndian.Uint32(b[:])}, []uint32{^uint32(0)}}
	}
	return network{words(a), maskBits(128)}
}

func words(a netip.Addr) []uint32 {
	b := a.As16()
	var w []uint32
	for i := 0; i < 16; i += 4 {
		w = append(w, binary.BigEndian.Uint32(b[i:]))
	}
	return w
}

func maskBits(n uint32) []uint32 {
	m := make([]uint32, 4)
	for i := range m {
		m[i] = ^uint32(0xffffffff >> min(n, 32))
		n -= min(n, 32)
	}
	return m
}

// value makes the condition of one value with its qualifiers, as libpcap's
// gen_ncode, gen_scode, gen_mcode, gen_mcode6 and gen_ecode do.
func (g *lowerer) value(v *value) cond {
	t := v.t
	switch {
	case v.q.typ == "proto":
		return g.protoValue(v)
	case v.q.typ == "port" || v.q.typ == "portrange":
		return g.portValue(v)
	case t.kind == mac:
		if v.q.proto != "ether" || v.q.typ == "net" {
			failAt(t, "ether.qualifier")
		}
		return g.station(parseMAC(t.text), v.q.dir, t)
	case v.q.proto == "ether" && (t.kind == name && v.q.typ != "net"):
		a, ok := g.names.ether(t.canon)
		if !ok {
			failAt(t, "ether.unknown", "name", t.canon)
		}
		return g.station(a, v.q.dir, t)
	case t.kind == name && v.q.typ == "net":
		n, ok := g.names.network(t.canon)
		if !ok {
			failAt(t, "net.unknown", "name", t.canon)
		}
		return g.host4(n, v.q, t)
	case t.kind == name:
		return g.hostName(v)
	case t.kind == addr6:
		return g.host6(prefix6(v), v.q, t)
	}
	return g.host4(prefix4(v), v.q, t)
}

func prefix4(v *value) network {
	n, mask := v.t.num, ^uint32(0)
	if v.t.kind == addr4 {
		var bits int
		n, bits = quad(v.t)
		mask <<= 32 - bits
	} else if v.q.typ == "net" {
		for n != 0 && n&0xff000000 == 0 { // net 10 is 10.0.0.0/8
			n <<= 8
			mask <<= 8
		}
	}
	given := v.t.text
	switch {
	case v.bits.kind == number:
		if v.bits.num > 32 {
			failAt(v.bits, "bits.4")
		}
		given += "/" + v.bits.text
		mask = uint32(uint64(0xffffffff) << (32 - v.bits.num))
	case v.mask.kind == addr4:
		given += " mask " + v.mask.text
		mask, _ = quad(v.mask)
	default:
		return network{[]uint32{n}, []uint32{mask}}
	}
	if n&^mask != 0 {
		failAt(v.t, "mask.outside", "given", given)
	}
	if v.q.typ != "net" {
		failAt(v.t, "mask.net", "given", given)
	}
	return network{[]uint32{n}, []uint32{mask}}
}

// quad reads one to four decimal numbers with dots; missing ones are zero. bits
// says how many there were.
func quad(t token) (n uint32, bits int) {
	part := uint32(0)
	for i := 0; i <= len(t.text); i++ {
		switch {
		case i == len(t.text) || t.text[i] == '.':
			n, bits, part = n<<8|part, bits+8, 0
		default:
			if part = part*10 + uint32(t.text[i]-'0'); part > 255 {
				failAt(t, "address.4")
			}
		}
	}
	return n << (32 - bits), bits
}

func prefix6(v *value) network {
	a, _ := netip.ParseAddr(v.t.text) // checked by the scanner
	n := network{words(a), maskBits(128)}
	if v.bits.kind != number {
		return n
	}
	if v.bits.num > 128 {
		failAt(v.bits, "bits.6")
	}
	n.mask = maskBits(v.bits.num)
	for i := range n.addr {
		if n.addr[i]&^n.mask[i] != 0 {
			failAt(v.t, "mask.outside", "given", v.t.text+"/"+v.bits.text)
		}
	}
	if v.q.typ != "net" && v.bits.num != 128 {
		failAt(v.t, "mask.net", "given", v.t.text+"/"+v.bits.text)
	}
	return n
}

func parseMAC(s string) []byte {
	var b []byte
	for i := 0; i < len(s); {
		if !isHex(s[i]) {
			i++
			continue
		}
		n := run(s[i:], 2, isHex)
		v := uint64(0)
		for _, c := range []byte(s[i : i+n]) {
			d := c - '0'
			if d > 9 {
				d = c | 0x20 - 'a' + 10
			}
			v = v<<4 | uint64(d)
		}
		b = append(b, byte(v))
		i += n
	}
	return b
}

// sides asks for the source, the destination, either or both of them.
func sides(d dir, src, dst func() cond) cond {
	switch d {
	case srcOnly:
		return src()
	case dstOnly:
		return dst()
	case both:
		return allOf(src(), dst())
	}
	return anyOf(src(), dst())
}

func (g *lowerer) station(a []byte, d dir, t token) cond {
	is := func(at place) cond { return g.bytes(at, a) }
	if g.is80211() {
		return sides(d, func() cond { return g.wlanSource(is) }, func() cond { return g.wlanDestination(is) })
	}
	g.ethernet(t)
	return sides(d, func() cond { return is(g.link.plus(6)) }, func() cond { return is(g.link) })
}

// host4 asks for an address in IPv4, ARP or RARP.
func (g *lowerer) host4(n network, q quals, t token) cond {
	in := func(v, src, dst uint32) cond {
		at := func(off uint32) func() cond {
			return func() cond {
				return allOf(g.linkProto(v, t), g.masked(4, g.network(off), n.addr[0], n.mask[0]))
			}
		}
		return sides(q.dir, at(src), at(dst))
	}
	switch q.proto {
	case "":
		if g.mpls > 0 {
			return in(etherIP, 12, 16)
		}
		return anyOf(in(etherIP, 12, 16), in(etherARP, 14, 24), in(etherRARP, 14, 24))
	case "ip":
		return in(etherIP, 12, 16)
	case "arp":
		return in(etherARP, 14, 24)
	case "rarp":
		return in(etherRARP, 14, 24)
	}
	failAt(t, "address.4.qualifier", "proto", q.proto)
	return nil
}

func (g *lowerer) host6(n network, q quals, t token) cond {
	if q.proto != "" && q.proto != "ip6" {
		failAt(t, "address.6.qualifier", "proto", q.proto)
	}
	at := func(off uint32) func() cond {
		return func() cond {
			cs := []cond{g.linkProto(etherIPv6, t)}
			for i := range n.addr {
				cs = append(cs, g.masked(4, g.network(off+uint32(4*i)), n.addr[i], n.mask[i]))
			}
			return allOf(cs...)
		}
	}
	return sides(q.dir, at(8), at(24))
}

// hostName asks for any of the addresses that a name stands for.
func (g *lowerer) hostName(v *value) cond {
	addrs, err := g.names.host(g.ctx, v.t.canon)
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsTimeout {
		failAt(v.t, "host.timeout", "name", v.t.canon)
	}
	if err != nil || len(addrs) == 0 {
		failAt(v.t, "host.unknown", "name", v.t.canon, "slip", slip(v.t.canon))
	}
	var cs []cond
	for _, a := range addrs {
		n, q := hostOf(a), v.q
		is4 := len(n.addr) == 1
		if !g.hasType && q.proto == "" { // without ARP
			q.proto = map[bool]string{true: "ip", false: "ip6"}[is4]
		}
		switch {
		case is4 && q.proto != "ip6":
			cs = append(cs, g.host4(n, q, v.t))
		case !is4 && q.proto != "ip":
			cs = append(cs, g.host6(n, q, v.t))
		}
	}
	if cs == nil {
		failAt(v.t, "host.family", "name", v.t.canon, "proto", v.q.proto)
	}
	return anyOf(cs...)
}
