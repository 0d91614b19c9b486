package tcpdump

func (f *formatter) icmp(b []byte, length uint32, fragmented bool) bool              { return true }
func (f *formatter) icmp6(b []byte, length uint32, iph []byte, fragmented bool) bool { return true }
func (f *formatter) arp(b []byte, length uint32) bool                                { return true }
func (f *formatter) ah(b []byte) (int, bool)                                         { return 0, true }
