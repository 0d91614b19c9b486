package tcpdump

func (f *formatter) icmp6(b []byte, length uint32, iph []byte, fragmented bool) bool {
	f.str("ICMP6, length ").uint(length).str(" (not decoded)")
	return true
}
