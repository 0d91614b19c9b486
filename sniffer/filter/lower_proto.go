package filter

const (
	protoICMP   = 1
	protoIGMP   = 2
	protoTCP    = 6
	protoIGRP   = 9
	protoUDP    = 17
	protoFrag   = 44
	protoESP    = 50
	protoAH     = 51
	protoICMPv6 = 58
	protoPIM    = 103
	protoVRRP   = 112
	protoSCTP   = 132
)

// overIP are the protocols above IP that a word stands for, and over which of
// the two: "" both.
var overIP = map[string]struct {
	num uint32
	ip  string
}{
	"tcp": {protoTCP, ""}, "udp": {protoUDP, ""}, "sctp": {protoSCTP, ""},
	"icmp": {protoICMP, "ip"}, "icmp6": {protoICMPv6, "ip6"}, "igmp": {protoIGMP, "ip"}, "igrp": {protoIGRP, "ip"},
	"pim": {protoPIM, ""}, "vrrp": {protoVRRP, "ip"}, "carp": {protoVRRP, "ip"}, "ah": {protoAH, ""}, "esp": {protoESP, ""},
}

// overLink are the protocols above the link layer: EtherTypes and 802.2 service
// access points.
var overLink = map[string]uint32{
	"ip": etherIP, "ip6": etherIPv6, "arp": etherARP, "rarp": etherRARP,
	"atalk": etherATalk, "aarp": etherAARP, "decnet": 0x6003, "lat": 0x6004, "sca": 0x6007,
	"moprc": 0x6002, "mopdl": 0x6001, "loopback": 0x9000,
	"iso": sapOSI, "stp": sapSTP, "ipx": sapIPX, "netbeui": sapNetBEUI,
}

// overOSI are the network layer protocol identifiers, overISIS the PDU types of
// IS-IS that a word stands for, in the order libpcap asks for them.
var (
	overOSI  = map[string]uint32{"clnp": 0x81, "esis": 0x82, "isis": 0x83}
	overISIS = map[string][]uint32{
		"l1": {26, 24, 18, 17, 15}, "l2": {27, 25, 20, 17, 16}, "iih": {17, 15, 16}, "lsp": {18, 20},
		"snp": {27, 26, 24, 25}, "csnp": {24, 25}, "psnp": {26, 27},
	}
)

func (g *lowerer) abbrev(proto string, t token) cond {
	if p, ok := overIP[proto]; ok {
		return g.ipProto(p.num, p.ip, t)
	}
	if v, ok := overLink[proto]; ok {
		return g.linkProto(v, t)
	}
	if v, ok := overOSI[proto]; ok {
		return g.osiProto(v, t)
	}
	if pdus, ok := overISIS[proto]; ok {
		var cs []cond
		for _, v := range pdus {
			cs = append(cs, g.isisPDU(v, t))
		}
		return anyOf(cs...)
	}
	failAt(t, "alone")
	return nil
}

// ipProto asks for protocol v over IPv4 ("ip"), IPv6 ("ip6") or either (""). In
// IPv6 it must follow the fixed header, or a fragment header behind that.
func (g *lowerer) ipProto(v uint32, over string, t token) cond {
	switch over {
	case "ip":
		return allOf(g.linkProto(etherIP, t), g.inNet(1, 9, v))
	case "ip6":
		return allOf(g.linkProto(etherIPv6, t),
			anyOf(g.inNet(1, 6, v), allOf(g.inNet(1, 6, protoFrag), g.inNet(1, 40, v))))
	}
	return anyOf(g.ipProto(v, "ip", t), g.ipProto(v, "ip6", t))
}

func (g *lowerer) osiProto(v uint32, t token) cond {
	return allOf(g.linkProto(sapOSI, t), g.cmp(1, g.payload.plus(g.llcNet), v))
}

func (g *lowerer) isisPDU(v uint32, t token) cond {
	return allOf(g.osiProto(overOSI["isis"], t), g.cmp(1, g.payload.plus(g.llcNet+4), v))
}

// protoValue is "ip proto 6", "ether proto \arp", "proto \tcp".
func (g *lowerer) protoValue(v *value) cond {
	num := v.t.num
	q := v.q.proto
	if v.t.kind == name {
		num = g.protoNumber(q, v.t)
	} else if v.t.kind != number {
		failAt(v.t, "proto.address")
	}
	switch q {
	case "", "ip", "ip6":
		return g.ipProto(num, q, v.t)
	case "ether":
		return g.linkProto(num, v.t)
	case "iso":
		return g.osiProto(num, v.t)
	case "isis":
		return g.isisPDU(num, v.t)
	}
	failAt(v.t, "proto.qualifier", "proto", q)
	return nil
}

func (g *lowerer) protoNumber(q string, t token) uint32 {
	switch q {
	case "", "ip", "ip6":
		if v, ok := g.names.protocol(t.canon); ok {
			return v
		}
		failAt(t, "proto.ip", "name", t.canon)
	case "ether":
		if v, ok := overLink[t.canon]; ok {
			return v
		}
		failAt(t, "proto.ether", "name", t.canon)
	case "iso":
		if v, ok := overOSI[t.canon]; ok {
			return v
		}
		failAt(t, "proto.osi", "name", t.canon)
	}
	failAt(t, "proto.qualifier", "proto", q)
	return 0
}
