package tcpdump

import "strings"

// etherTypeNames are the names of ethertype_values in print-ether.c.
var etherTypeNames = map[uint16]string{
	0x0800: "IPv4", 0x8847: "MPLS unicast", 0x8848: "MPLS multicast", 0x86dd: "IPv6",
	0x8100: "802.1Q", 0x9100: "802.1Q-9100", 0x88a8: "802.1Q-QinQ", 0x9200: "802.1Q-9200",
	0x88e5: "802.1AE MACsec", 0x0806: "ARP", 0x8035: "Reverse ARP",
}

func ipProtoName(p uint8) string {
	switch p {
	case protoTCP:
		return "TCP"
	case protoUDP:
		return "UDP"
	}
	return "unknown"
}

var protocolNames [256]string

func ouiName(oui uint32) string {
	if oui == 0 {
		return "Ethernet"
	}
	return strings.Clone("Unknown")
}
