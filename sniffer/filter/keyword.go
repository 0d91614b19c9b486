package filter

// keywords maps each reserved word of pcap-filter(7) to the word it stands for:
// "link", "ppp", "fddi" are "ether" by other names.
var keywords = func() map[string]string {
	m := map[string]string{
		"ether": "ether", "link": "ether", "ppp": "ether", "slip": "ether", "fddi": "ether", "tr": "ether", "wlan": "ether",
		"length": "len", "es-is": "esis", "is-is": "isis",
	}
	for _, w := range []string{
		"dst", "src", "host", "net", "mask", "port", "portrange", "proto",
		"less", "greater", "byte", "broadcast", "multicast",
		"and", "or", "not", "len", "inbound", "outbound", "ifindex",
		"vlan", "mpls", "pppoed", "pppoes",
	} {
		m[w] = w
	}
	for w := range protocols {
		m[w] = w
	}
	for w := range refused {
		m[w] = w
	}
	return m
}()

// protocols are the words that can stand before "host", "[" or alone.
var protocols = map[string]bool{
	"ether": true, "ip": true, "ip6": true, "arp": true, "rarp": true,
	"tcp": true, "udp": true, "sctp": true, "icmp": true, "icmp6": true, "igmp": true, "igrp": true,
	"pim": true, "vrrp": true, "carp": true, "ah": true, "esp": true,
	"atalk": true, "aarp": true, "decnet": true, "lat": true, "sca": true, "moprc": true, "mopdl": true,
	"iso": true, "esis": true, "isis": true, "clnp": true, "stp": true, "ipx": true, "netbeui": true,
	"l1": true, "l2": true, "iih": true, "lsp": true, "snp": true, "csnp": true, "psnp": true,
}

// refused are reserved words for networks that TCP is not taught on; they are
// known so that the answer is "not supported" and not "unknown host".
var refused = map[string]bool{
	"protochain": true, "gateway": true, "radio": true,
	"type": true, "subtype": true, "direction": true, "dir": true,
	"address1": true, "addr1": true, "address2": true, "addr2": true,
	"address3": true, "addr3": true, "address4": true, "addr4": true, "ra": true, "ta": true,
	"geneve": true, "lane": true, "llc": true, "metac": true, "bcc": true, "oam": true, "oamf4": true,
	"oamf4ec": true, "oamf4sc": true, "sc": true, "ilmic": true, "vpi": true, "vci": true,
	"connectmsg": true, "metaconnect": true,
	"on": true, "ifname": true, "rset": true, "ruleset": true, "rnr": true, "rulenum": true,
	"srnr": true, "subrulenum": true, "reason": true, "action": true,
	"fisu": true, "lssu": true, "lsu": true, "msu": true, "hfisu": true, "hlssu": true, "hmsu": true,
	"sio": true, "opc": true, "dpc": true, "sls": true, "hsio": true, "hopc": true, "hdpc": true, "hsls": true,
}

// named are the words that are numbers: header offsets, ICMP types, TCP flags.
var named = map[string]uint32{
	"icmptype": 0, "icmpcode": 1,
	"icmp-echoreply": 0, "icmp-unreach": 3, "icmp-sourcequench": 4, "icmp-redirect": 5, "icmp-echo": 8,
	"icmp-routeradvert": 9, "icmp-routersolicit": 10, "icmp-timxceed": 11, "icmp-paramprob": 12,
	"icmp-tstamp": 13, "icmp-tstampreply": 14, "icmp-ireq": 15, "icmp-ireqreply": 16,
	"icmp-maskreq": 17, "icmp-maskreply": 18,
	"icmp6type": 0, "icmp6code": 1,
	"icmp6-destinationunreach": 1, "icmp6-packettoobig": 2, "icmp6-timeexceeded": 3, "icmp6-parameterproblem": 4,
	"icmp6-echo": 128, "icmp6-echoreply": 129,
	"icmp6-multicastlistenerquery": 130, "icmp6-multicastlistenerreportv1": 131, "icmp6-multicastlistenerdone": 132,
	"icmp6-routersolicit": 133, "icmp6-routeradvert": 134, "icmp6-neighborsolicit": 135, "icmp6-neighboradvert": 136,
	"icmp6-redirect": 137, "icmp6-routerrenum": 138, "icmp6-nodeinformationquery": 139, "icmp6-nodeinformationresponse": 140,
	"icmp6-ineighbordiscoverysolicit": 141, "icmp6-ineighbordiscoveryadvert": 142, "icmp6-multicastlistenerreportv2": 143,
	"icmp6-homeagentdiscoveryrequest": 144, "icmp6-homeagentdiscoveryreply": 145,
	"icmp6-mobileprefixsolicit": 146, "icmp6-mobileprefixadvert": 147,
	"icmp6-certpathsolicit": 148, "icmp6-certpathadvert": 149,
	"icmp6-multicastrouteradvert": 151, "icmp6-multicastroutersolicit": 152, "icmp6-multicastrouterterm": 153,
	"tcpflags": 13,
	"tcp-fin":  0x01, "tcp-syn": 0x02, "tcp-rst": 0x04, "tcp-push": 0x08,
	"tcp-ack": 0x10, "tcp-urg": 0x20, "tcp-ece": 0x40, "tcp-cwr": 0x80,
}
