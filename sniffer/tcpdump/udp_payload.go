package tcpdump

import "encoding/binary"

// A udpProtocol is what tcpdump decodes of UDP and this package names.
type udpProtocol struct {
	name     string
	ports    []uint16 // of either end
	from, to []uint16 // of the sender, or the receiver, alone
}

// udpProtocols are those of udp_print in print-udp.c, in its order: if both ports
// have one, the first is named.
var udpProtocols = []udpProtocol{
	{name: "DNS", ports: []uint16{53}},
	{name: "BOOTP/DHCP", ports: []uint16{67, 68}},
	{name: "TFTP", ports: []uint16{69}},
	{name: "Kerberos", ports: []uint16{88}},
	{name: "NTP", ports: []uint16{123}},
	{name: "SNMP", ports: []uint16{161, 162}},
	{name: "PTP", ports: []uint16{319, 320}},
	{name: "Auto-RP", ports: []uint16{496}},
	{name: "ISAKMP", ports: []uint16{500}},
	{name: "syslog", ports: []uint16{514}},
	{name: "RIP", ports: []uint16{520}},
	{name: "RIPng", ports: []uint16{521}},
	{name: "timed", ports: []uint16{525}},
	{name: "DHCPv6", ports: []uint16{546, 547}},
	{name: "LDP", ports: []uint16{646}},
	{name: "AODV", ports: []uint16{654}},
	{name: "OLSR", ports: []uint16{698}},
	{name: "LMP", ports: []uint16{701}},
	{name: "Kerberos", ports: []uint16{750}},
	{name: "lwres", ports: []uint16{921}},
	{name: "mDNS", ports: []uint16{5353}},
	{name: "ISAKMP", ports: []uint16{4500, 7500, 8500}},
	{name: "L2TP", ports: []uint16{1701}},
	{name: "VAT", to: []uint16{3456}},
	{name: "Zephyr", ports: []uint16{2103, 2104}},
	{name: "AFS", ports: []uint16{7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009}},
	{name: "AHCP", ports: []uint16{5359}},
	{name: "Babel", ports: []uint16{6696, 6697}},
	{name: "HNCP", ports: []uint16{8231}},
	{name: "whiteboard", to: []uint16{4567}},
	{name: "RADIUS", ports: []uint16{1645, 1646, 1700, 1812, 1813, 3799}},
	{name: "HSRP", to: []uint16{1985}},
	{name: "LSP ping", ports: []uint16{3503}},
	{name: "BFD", to: []uint16{3784, 3785, 4784, 6784}},
	{name: "VQP", ports: []uint16{1589}},
	{name: "sFlow", ports: []uint16{6343}},
	{name: "LWAPP", ports: []uint16{12222, 12223}},
	{name: "SIP", ports: []uint16{5060}},
	{name: "OTV", ports: []uint16{8472}},
	{name: "VXLAN", ports: []uint16{4789}},
	{name: "Geneve", ports: []uint16{6081}},
	{name: "LISP", ports: []uint16{4342}},
	{name: "VXLAN-GPE", ports: []uint16{4790}},
	{name: "ZEP", ports: []uint16{17754}},
	{name: "MPLS", ports: []uint16{6635}},
	{name: "SOME/IP", ports: []uint16{30490}},
	{name: "BCM-LI-SHIM", from: []uint16{49152}},
}

// fromOrder and toOrder have for each port of the sender and the receiver the index
// in udpProtocols, counted from 1.
var fromOrder, toOrder = func() (from, to [1 << 16]uint8) {
	for i, p := range udpProtocols {
		for _, port := range p.ports {
			from[port], to[port] = uint8(i+1), uint8(i+1)
		}
		for _, port := range p.from {
			from[port] = uint8(i + 1)
		}
		for _, port := range p.to {
			to[port] = uint8(i + 1)
		}
	}
	return from, to
}()

// udpPayload names what the ports announce, and tells whether they do.
func (f *formatter) udpPayload(size uint32, sport, dport uint16) bool {
	if i := int(min(fromOrder[sport]-1, toOrder[dport]-1)); i < len(udpProtocols) {
		return f.undecoded(udpProtocols[i].name, size)
	}
	return false
}

// nfsDatagram names an NFS message, told by the direction of the RPC message (RFC
// 5531 §9).
func (f *formatter) nfsDatagram(b []byte, sport, dport uint16) bool {
	const call, reply, port = 0, 1, 2049
	if len(b) < 8 || sport != port && dport != port {
		return false
	}
	switch direction := binary.BigEndian.Uint32(b[4:]); {
	case direction == call && dport == port:
		f.str("NFS request xid ").uint(binary.BigEndian.Uint32(b))
	case direction == reply && sport == port:
		f.str("NFS reply xid ").uint(binary.BigEndian.Uint32(b))
	default:
		return false
	}
	f.str(" (not decoded)")
	return true
}
