package filter

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator writes random expressions, nearly all of them right.
type generator struct{ *rand.Rand }

func (g generator) of(words ...string) string { return pick(g.Rand, words) }

func (g generator) expression(depth int) string {
	n := 1 + g.IntN(3)
	var b strings.Builder
	b.WriteString(g.term(depth))
	for range n - 1 {
		b.WriteString(g.of(" and ", " or ", " && ", " || "))
		b.WriteString(g.term(depth))
	}
	return b.String()
}

func (g generator) term(depth int) string {
	if depth > 0 {
		switch g.IntN(6) {
		case 0:
			return "(" + g.expression(depth-1) + ")"
		case 1:
			return g.of("not ", "!", "! ") + g.term(depth-1)
		}
	}
	switch g.IntN(12) {
	case 0, 1:
		return g.of("ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp", "icmp6", "igmp", "igrp", "pim", "vrrp", "carp",
			"ah", "esp", "atalk", "aarp", "decnet", "lat", "stp", "ipx", "iso", "netbeui", "isis", "esis", "clnp", "l1", "lsp", "snp")
	case 2, 3:
		return g.of("", "", "tcp ", "udp ", "sctp ") + g.dir() + g.of("port ", "portrange ") + g.values("port")
	case 4:
		return g.of("", "", "ip ", "arp ", "rarp ") + g.dir() + "host " + g.values("host4")
	case 5:
		return g.of("", "ip6 ") + g.dir() + g.of("host ", "net ") + g.values("host6")
	case 6:
		return g.of("", "ip ", "arp ") + g.dir() + "net " + g.values("net")
	case 7:
		return "ether " + g.dir() + g.of("host ", "host ", "host ") + g.of("02:00:00:00:00:01", "2:0:0:0:0:2", "ff-ff-ff-ff-ff-ff", "0200.0000.0001", "020000000002")
	case 8:
		return g.of(fmt.Sprintf("less %d", g.IntN(120)), fmt.Sprintf("greater %d", g.IntN(120)), "broadcast", "multicast",
			"ip multicast", "ip6 multicast", "ip broadcast", "ether multicast", "ether broadcast",
			fmt.Sprintf("byte %d %s %d", g.IntN(40), g.of("=", "<", ">"), g.IntN(256)), "inbound", "outbound", "ifindex 2")
	case 9:
		return g.of("vlan", "vlan 7", "vlan 100", "mpls", "mpls 5", "pppoes", "pppoes 9", "pppoed", "proto 6", "ip proto 17", "ip6 proto 6",
			"ip6 proto \\tcp", "proto \\udp", "ether proto 0x800", "ether proto \\arp", "ether proto 0x86dd", "ether proto 66", "iso proto 0x83")
	}
	return g.sum(2) + g.of(" = ", " == ", " != ", " > ", " < ", " >= ", " <= ", "=", "!=", ">") + g.sum(1)
}

func (g generator) dir() string {
	return g.of("", "", "src ", "dst ", "src or dst ", "src and dst ", "dst or src ")
}

// values sometimes gives several that share their qualifiers.
func (g generator) values(kind string) string {
	v := g.value(kind)
	switch g.IntN(8) {
	case 0:
		return v + g.of(" or ", " and ") + g.value(kind)
	case 1:
		return "(" + v + g.of(" or ", " and not ") + g.value(kind) + ")"
	case 2:
		return "not " + v
	}
	return v
}

func (g generator) value(kind string) string {
	switch kind {
	case "port":
		return g.of("80", "22", "7272", "0x50", "0120", "60584", "8000")
	case "host4":
		return g.of("10.0.0.1", "10.0.0.2", "127.0.0.1", "192.168.1.77", "10.1", "224.0.0.1", "255.255.255.255")
	case "host6":
		return g.of("::1", "2001:db8::1", "2001:db8:5::9", "ff02::1", "2001:db8::/32", "2001:db8::/48", "::/0", "2001:db8:5::/47", "::ffff:1.2.3.4")
	}
	return g.of("10.0.0.0/8", "10.1.0.0 mask 255.255.0.0", "10", "10.1", "192.168.1", "127.0.0.0/30", "0.0.0.0/0", "10.0.0.1 mask 255.0.255.255", "10.0.0.1/32")
}

func (g generator) sum(depth int) string {
	if depth == 0 {
		return g.of("0", "1", "2", "5", "0x11", "80", "255", "tcp-syn", "icmp-echo", "13", "len")
	}
	switch g.IntN(10) {
	case 0:
		return g.sum(depth-1) + g.of(" + ", " - ", " * ", " & ", " | ", "&", "|", " ^ ") + g.sum(depth-1)
	case 1:
		return g.sum(depth-1) + g.of(" / 3", " % 7", " << 2", " >> 1", " << 31", " % 2 + 1")
	case 2:
		return "(" + g.sum(depth-1) + ")"
	case 3:
		return "-" + g.sum(depth-1)
	case 4, 5, 6:
		return g.of("ip", "tcp", "udp", "icmp", "ip6", "icmp6", "ether", "arp", "tcp", "ip", "sctp") + "[" + g.index(depth-1) + g.of("", "", ":1", ":2", ":4") + "]"
	case 7:
		return g.of("tcp[tcpflags]", "tcp[13]", "icmp[icmptype]", "ip[0] & 0xf", "ip[6:2] & 0x1fff", "ip[2:2]", "((ip[0]&0xf)<<2)", "icmp6[icmp6type]")
	}
	return g.sum(0)
}

func (g generator) index(depth int) string {
	if g.IntN(6) == 0 {
		return g.sum(depth)
	}
	return fmt.Sprint(g.IntN(60))
}

// damaged leaves out, doubles, swaps or replaces a word.
func (g generator) damaged(e string) string {
	words := strings.Fields(e)
	if len(words) == 0 {
		return e
	}
	i := g.IntN(len(words))
	switch g.IntN(4) {
	case 0:
		words = append(words[:i:i], words[i+1:]...)
	case 1:
		words = append(words[:i+1:i+1], words[i:]...)
	case 2:
		j := g.IntN(len(words))
		words[i], words[j] = words[j], words[i]
	case 3:
		words[i] = g.of("and", "not", "(", ")", "port", "host", "tcp", "80", "10.0.0.1", "src", "[", "=", "&", "::1", "net", "proto", "vlan", "8000-8080", "mask")
	}
	return strings.Join(words, " ")
}
