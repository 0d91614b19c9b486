package tcpdump

import "encoding/binary"

const ip6Header = 40

// ipv6 prints an IPv6 packet (ip6_print in print-ip6.c).
func (f *formatter) ipv6(b []byte, length uint32) {
	f.proto = "ip6"
	if len(b) < ip6Header {
		f.trunc()
		return
	}
	if length < ip6Header {
		f.str("truncated-ip6 ").uint(length)
		return
	}
	if !f.opt.Link {
		f.str("IP6 ")
	}
	if v := b[0] >> 4; v != 6 {
		f.str("version error: ").uint(uint32(v)).str(" != 6")
		return
	}
	payload := uint32(binary.BigEndian.Uint16(b[4:]))
	// Without a payload length there may be a Jumbo Payload option (RFC 2675),
	// which the extension headers must be walked for.
	left := length + ip6Header
	if payload != 0 {
		left = payload + ip6Header
		if length < left {
			f.str("truncated-ip6 - ").uint(left - length).str(" bytes missing!")
		}
	}
	if f.opt.Verbose > 0 {
		f.ipv6Verbose(b, payload)
	}
	packet := b
	b = b[:min(len(b), int(left))]
	next := b[6]
	at := ip6Header
	left -= ip6Header
	extended, jumbo, hopByHop, fragmented := false, false, false, false
	if !hasPorts(next) {
		f.ip6(b[8:]).str(" > ").ip6(b[24:]).str(": ")
	}
	for previous := -1; ; {
		x := b[min(at, len(b)):]
		var n int // the extension header's length
		switch next {
		case protoHopByHop:
			if hopByHop {
				f.str("[The Hop-by-Hop Options header was already found]")
				f.invalid()
				return
			}
			if previous != -1 {
				f.str("[The Hop-by-Hop Options header don't follow the IPv6 header]")
				f.invalid()
				return
			}
			var found uint32
			if n, found = f.hopByHop(x, payload); found != 0 {
				jumbo, payload = true, found
			}
			if payload == 0 && !jumbo {
				f.str("[No valid Jumbo Payload Hop-by-Hop option found]")
				f.invalid()
				return
			}
			hopByHop = true
		case protoDestOpts:
			n = f.destinationOptions(x)
		case protoFragment:
			if n = f.fragment6(x, b, at); len(b) <= at+n {
				return
			}
			fragmented = true
		case protoRouting:
			if len(x) < 1 {
				f.trunc()
				return
			}
			n = f.routing(x)
		case protoMobility, protoMobilityOld:
			f.undecoded("mobility", left)
			return
		default:
			switch {
			case jumbo:
				total := payload + ip6Header
				if total < uint32(at) {
					f.trunc()
					return
				}
				if length < total {
					f.str("truncated-ip6 - ").uint(total - length).str(" bytes missing!")
				}
				b = packet[:min(len(packet), int(total))]
				left = total - uint32(at)
			case payload == 0:
				if extended {
					f.trunc()
					return
				}
				b, left = b[:ip6Header], 0
			}
			f.demux(b[min(at, len(b)):], left, b, fragmented, next)
			return
		}
		if n == 0 {
			return
		}
		extended = true
		previous, next = int(next), x[0]
		f.proto = "ip6"
		if at >= len(b) {
			return
		}
		if left < uint32(n) {
			f.trunc()
			return
		}
		at += n
		left -= uint32(n)
	}
}

func (f *formatter) ipv6Verbose(b []byte, payload uint32) {
	flow := binary.BigEndian.Uint32(b)
	f.char('(')
	if flow&0x0ff00000 != 0 {
		f.str("class 0x").hexPadded(uint64(flow&0x0ff00000>>20), 2).str(", ")
	}
	if flow&0x000fffff != 0 {
		f.str("flowlabel 0x").hexPadded(uint64(flow&0x000fffff), 5).str(", ")
	}
	f.str("hlim ").uint(uint32(b[7])).str(", next-header ").named(ipProtoNames[b[6]], "unknown").str(" (")
	f.uint(uint32(b[6])).str(") payload length: ").uint(payload).str(") ")
}
