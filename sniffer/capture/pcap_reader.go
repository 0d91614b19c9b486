package capture

import (
	"encoding/binary"
	"io"
	"math"
	"time"
)

// The magic numbers of pcap files (pcap-savefile(5), libpcap's sf-pcap.c).
const (
	magicMicro     = 0xa1b2c3d4
	magicNano      = 0xa1b23c4d
	magicKuznetzov = 0xa1b2cd34 // longer record headers, microseconds
)

const (
	pcapFileHeaderLen = 24
	pcapRecordLen     = 16
	kuznetzovLen      = 24 // ifindex, protocol and packet type behind the usual 16 bytes
)

// pcapState is what the records of one pcap file need.
type pcapState struct {
	little     bool
	headerLen  int
	tick       uint32 // nanoseconds
	signedTime bool
	lengths    lengthOrder
	sane       int // the largest captured length that is believed
}

type lengthOrder uint8

const (
	caplenFirst  lengthOrder = iota
	lenFirst                 // before version 2.3, and DG/UX
	smallerFirst             // version 2.3: some writers did, some did not
)

// pcapMagic tells a pcap file's byte order by its first four bytes.
func pcapMagic(b []byte) (binary.ByteOrder, uint32) {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch m := o.Uint32(b); m {
		case magicMicro, magicNano, magicKuznetzov:
			return o, m
		}
	}
	return nil, 0
}

func (r *Reader) readPcapHeader(order binary.ByteOrder, magic uint32) error {
	if !r.have(pcapFileHeaderLen) {
		// libpcap leaves the magic number out of what it got, not of what it wanted.
		return r.short("file header", pcapFileHeaderLen, 4)
	}
	h := r.buf[r.pos:]
	major, minor := order.Uint16(h[4:]), order.Uint16(h[6:])
	switch {
	case major < 2:
		return texts.Error("broken.archaic")
	case major == 2 && minor <= 4, major == 543 && minor == 0:
	default:
		return texts.Error("broken.version", "major", major, "minor", minor)
	}
	s := &r.pcap
	s.little = order == binary.LittleEndian
	s.headerLen, s.tick = pcapRecordLen, 1000
	switch {
	case major == 543 || minor < 3:
		s.lengths = lenFirst
	case minor == 3:
		s.lengths = smallerFirst
	}
	// libpcap reads seconds as a signed number unless it has to swap bytes.
	s.signedTime = order.Uint32(h) == binary.NativeEndian.Uint32(h)

	link := order.Uint32(h[20:])
	r.order = order
	r.header = FileHeader{
		LinkType:    LinkTypeOf(link & 0x03ffffff),
		LinkTypeExt: link & 0xfc000000,
		Nanoseconds: magic == magicNano,
	}
	s.sane = maxSnaplen(r.header.LinkType)
	r.header.Snaplen = adjustSnaplen(r.header.LinkType, order.Uint32(h[16:]))
	switch magic {
	case magicNano:
		s.tick = 1
	case magicKuznetzov:
		s.headerLen = kuznetzovLen
		if r.header.LinkType == Ethernet && r.header.Snaplen <= math.MaxInt32-14 {
			r.header.Snaplen += 14 // a cooked capture's made-up header came on top
		}
	}
	r.pos += pcapFileHeaderLen
	return nil
}

func (r *Reader) readPcap(p *Packet) error {
	s := &r.pcap
	if !r.have(s.headerLen) {
		if r.end == r.pos && r.rerr == io.EOF {
			return io.EOF
		}
		return r.short("header", s.headerLen, 0)
	}
	h := r.buf[r.pos : r.pos+pcapRecordLen]
	var sec, frac, caplen, length uint32
	if s.little {
		sec, frac = binary.LittleEndian.Uint32(h), binary.LittleEndian.Uint32(h[4:])
		caplen, length = binary.LittleEndian.Uint32(h[8:]), binary.LittleEndian.Uint32(h[12:])
	} else {
		sec, frac = binary.BigEndian.Uint32(h), binary.BigEndian.Uint32(h[4:])
		caplen, length = binary.BigEndian.Uint32(h[8:]), binary.BigEndian.Uint32(h[12:])
	}
	if s.lengths != caplenFirst && (s.lengths == lenFirst || caplen > length) {
		caplen, length = length, caplen
	}
	if int64(caplen) > int64(r.pcap.sane) {
		return r.insane(caplen)
	}
	if n := s.headerLen + int(caplen); !r.have(n) {
		return r.short("captured", int(caplen), s.headerLen)
	}
	p.Data = r.buf[r.pos+s.headerLen : r.pos+s.headerLen+min(int(caplen), r.header.Snaplen)]
	r.pos += s.headerLen + int(caplen)

	seconds, fraction := int64(sec), int64(frac)
	if s.signedTime {
		seconds, fraction = int64(int32(sec)), int64(int32(frac))
	}
	p.Time = time.Unix(seconds, fraction*int64(s.tick)).UTC()
	p.Excess = int(p.Time.Unix() - seconds)
	p.LinkType = r.header.LinkType
	p.Interface = ""
	p.Direction = DirectionUnknown
	p.Length = int(length)
	return nil
}

// insane is libpcap's answer to a captured length that no packet has.
func (r *Reader) insane(caplen uint32) error {
	if int64(caplen) > int64(r.header.Snaplen) {
		return texts.Error("broken.snaplen", "length", caplen, "snaplen", r.header.Snaplen)
	}
	return texts.Error("broken.maximum", "length", caplen, "maximum", r.pcap.sane)
}

// adjustSnaplen is libpcap's reading of a snapshot length in a file.
func adjustSnaplen(l LinkType, n uint32) int {
	if n == 0 || n > math.MaxInt32 {
		return maxSnaplen(l)
	}
	return int(n)
}

// maxSnaplen is the largest captured length that is believed. libpcap lets
// D-Bus and USB captures have 128 MiB; that much memory is not given away here.
func maxSnaplen(l LinkType) int {
	switch l {
	case 231, 249, 279: // D-Bus, USBPcap, EBHSCR
		return 8 << 20
	}
	return MaxSnaplen
}
