package tcpdump

import (
	"encoding/binary"

	"chatlab/sniffer/capture"
)

// A formatter turns packets into text at the end of out.
//
// The methods that print a protocol take the captured bytes from the protocol's
// header on, already cut to what the layer below says belongs to it, and the
// length on the wire. Where captured bytes run out they do what tcpdump does at
// that place: call need, as its GET_ macros, which ends the packet's text, or
// print the mark with trunc and return, as behind its labels "trunc:".
type formatter struct {
	opt   Options
	out   []byte
	proto string
	convs *conversations
	clock clock
}

func (f *formatter) init(o Options, c *conversations) {
	f.opt = o
	f.convs = c
	f.clock.location = o.Location
	if f.opt.Numeric > 0 {
		f.opt.Names = nil
	}
}

// packet prints a packet, as pretty_print_packet in print.c does.
func (f *formatter) packet(p *capture.Packet, number uint32) {
	data, length := p.Data, uint32(p.Length)
	if f.opt.Number {
		f.uintPadded(number, 5)
		f.str("  ")
	}
	if len(data) == 0 || p.Length < len(data) || p.Length > maxSnaplen || len(data) > maxSnaplen {
		f.invalidHeader(uint32(len(data)), length)
		return
	}
	f.time(p)
	f.proto = ""
	f.dump(data, f.decode(p.LinkType, data, length))
	f.out = append(f.out, '\n')
}

// decode prints what the link type announces and returns how many bytes of
// header -A, -x and -X leave out: none where need ended the text.
func (f *formatter) decode(t capture.LinkType, b []byte, length uint32) (hdrlen int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case truncated:
			f.trunc()
		default:
			panic(r)
		}
	}()
	return f.link(t, b, length)
}

// truncated is what need panics with, as nd_trunc_longjmp leaves by longjmp.
type truncated struct{}

// need ends the packet's text, with the mark of the protocol last set in proto,
// unless n bytes of b were captured.
func (f *formatter) need(b []byte, n int) {
	if len(b) < n {
		panic(truncated{})
	}
}

// invalidHeader tells what a capture file says of a packet and cannot be.
func (f *formatter) invalidHeader(caplen, length uint32) {
	sep := "[Invalid header:"
	next := func() {
		f.str(sep)
		sep = ","
	}
	if caplen == 0 {
		next()
		f.str(" caplen==0")
	}
	if length == 0 {
		next()
		f.str(" len==0")
	} else if length < caplen {
		next()
		f.str(" len(").uint(length).str(") < caplen(").uint(caplen).str(")")
	}
	if caplen > maxSnaplen {
		next()
		f.str(" caplen(").uint(caplen).str(") > ").uint(maxSnaplen)
	}
	if length > maxSnaplen {
		next()
		f.str(" len(").uint(length).str(") > ").uint(maxSnaplen)
	}
	f.str("]\n")
}

// link prints the link-layer header if asked to, and what it carries. It
// returns the link-layer header's length, which -A, -x and -X leave out.
func (f *formatter) link(t capture.LinkType, b []byte, length uint32) (hdrlen int) {
	switch t {
	case capture.Ethernet:
		f.proto = "ether"
		return f.ether(b, length)
	case capture.LinuxSLL:
		return f.sll(b, length)
	case capture.LinuxSLL2:
		return f.sll2(b, length)
	case capture.Raw, capture.IPv4, capture.IPv6:
		return f.raw(b, length)
	case capture.Null, capture.Loop:
		return f.null(b, length)
	case capture.PPP:
		return f.pppInterface(b, length)
	case capture.PPPSerial:
		return f.pppSerial(b, length)
	case capture.PPPEther:
		return f.pppoe(b, length)
	case capture.IEEE80211:
		return f.wlan(b, length, false, 0)
	case capture.Radiotap:
		return f.radiotap(b, length)
	case capture.Prism:
		return f.prism(b, length)
	case capture.AVS:
		return f.avs(b, length)
	case capture.PKTAP:
		return f.pktap(b, length)
	case capture.User2: // macOS has written PKTAP under this number
		if len(b) >= 4 && binary.LittleEndian.Uint32(b) >= pktapHeader && binary.LittleEndian.Uint32(b) <= length {
			return f.pktap(b, length)
		}
	}
	f.str("link-type ").uint(uint32(t))
	if name := t.Name(); name != "" {
		f.char(' ').str(name)
	}
	f.undecoded("", length)
	return 0
}

// undecoded names what tcpdump has a printer for and this package has not.
func (f *formatter) undecoded(name string, length uint32) (known bool) {
	f.str(name).str(", length ").uint(length).str(" (not decoded)")
	return true
}

// trunc prints the mark for a protocol whose bytes were not all captured.
func (f *formatter) trunc() { f.str(" [|").str(f.proto).str("]") }

// invalid prints the mark for a field that cannot be.
func (f *formatter) invalid() { f.str(" (invalid)") }
