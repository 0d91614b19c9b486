package tcpdump

import "encoding/binary"

// icmp6Listener prints a multicast listener message (RFC 2710 §3).
func (f *formatter) icmp6Listener(b []byte) {
	if len(b) < 24 {
		return
	}
	f.str("max resp delay: ").uint(uint32(binary.BigEndian.Uint16(b[4:]))).str(" addr: ").ip6(b[8:])
}

// icmp6QueryV2 prints a version 2 query (RFC 3810 §5.1).
func (f *formatter) icmp6QueryV2(b []byte, length uint32) {
	f.need(b, 6)
	v := f.opt.Verbose
	delay := uint32(binary.BigEndian.Uint16(b[4:]))
	if delay >= 32768 {
		delay = (delay&0x0fff | 0x1000) << (delay&0x7000>>12 + 3)
	}
	if v > 0 {
		f.str(" [max resp delay=").uint(delay).char(']')
	}
	f.need(b, 24)
	f.str(" [gaddr ").ip6(b[8:])
	if v > 0 {
		f.need(b, 25)
		if b[24]&8 != 0 {
			f.str(" sflag")
		}
		if b[24]&7 != 0 {
			f.str(" robustness=").uint(uint32(b[24] & 7))
		}
		f.need(b, 26)
		interval := uint32(b[25])
		if interval >= 128 {
			interval = (interval&0x0f | 0x10) << (interval&0x70>>4 + 3)
		}
		f.str(" qqi=").uint(interval)
	}
	f.need(b, 28)
	if n := uint32(binary.BigEndian.Uint16(b[26:])); n > 0 {
		switch {
		case length < 28+n*16:
			f.str(" [invalid number of sources]")
		case v > 1:
			f.ip6List(b[28:], n)
		default:
			f.str(", ").uint(n).str(" source(s)")
		}
	}
	f.char(']')
}

// ip6List prints n addresses in braces.
func (f *formatter) ip6List(b []byte, n uint32) {
	f.str(" {")
	for ; n > 0; n-- {
		f.need(b, 16)
		f.char(' ').ip6(b)
		b = b[16:]
	}
	f.str(" }")
}

// icmp6ReportV2 prints a version 2 report (RFC 3810 §5.2).
func (f *formatter) icmp6ReportV2(b []byte, length uint32) {
	if length < 8 {
		f.str(" [invalid len ").uint(length).char(']')
		return
	}
	f.need(b, 8)
	groups := uint32(binary.BigEndian.Uint16(b[6:]))
	f.str(", ").uint(groups).str(" group record(s)")
	if f.opt.Verbose == 0 {
		return
	}
	names := [...]string{1: "is_in", "is_ex", "to_in", "to_ex", "allow", "block"}
	for at := uint32(8); groups > 0; groups-- {
		if length < at+20 {
			f.str(" [invalid number of groups]")
			return
		}
		g := b[min(len(b), int(at)):]
		f.need(g, 20)
		f.str(" [gaddr ").ip6(g[4:]).char(' ')
		if kind := int(g[0]); kind > 0 && kind < len(names) {
			f.str(names[kind])
		} else {
			f.str(" [v2-report-#").uint(uint32(kind)).char(']')
		}
		n := uint32(binary.BigEndian.Uint16(g[2:]))
		if length < at+20+n*16 {
			f.str(" [invalid number of sources ").uint(n).char(']')
			return
		}
		if f.opt.Verbose == 1 {
			f.str(", ").uint(n).str(" source(s)")
		} else {
			f.ip6List(g[20:], n)
		}
		at += 20 + n*16
		f.char(']')
	}
}
