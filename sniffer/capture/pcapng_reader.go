package capture

import (
	"encoding/binary"
	"io"
)

// The block types of pcapng that are read; others are skipped
// (draft-ietf-opsawg-pcapng).
const (
	blockInterface = 1
	blockPacket    = 2 // obsolete
	blockSimple    = 3
	blockEnhanced  = 6
	blockSection   = 0x0a0d0d0a
)

const (
	blockHeaderLen  = 8  // type, total length
	blockOverhead   = 12 // and the total length again at the end
	byteOrderMagic  = 0x1a2b3c4d
	sectionMinLen   = 28
	sectionMaxLen   = 1 << 20  // libpcap's
	maxBlockLen     = 16 << 20 // libpcap's
	maxInterfaces   = 1 << 16
	maxInterfaceTxt = 256
)

// pcapng is what the blocks of one section need.
type pcapng struct {
	little bool
	ifaces []ngInterface
}

func (n *pcapng) u16(b []byte) uint16 {
	if n.little {
		return binary.LittleEndian.Uint16(b)
	}
	return binary.BigEndian.Uint16(b)
}

func (n *pcapng) u32(b []byte) uint32 {
	if n.little {
		return binary.LittleEndian.Uint32(b)
	}
	return binary.BigEndian.Uint32(b)
}

func (n *pcapng) u64(b []byte) uint64 {
	if n.little {
		return binary.LittleEndian.Uint64(b)
	}
	return binary.BigEndian.Uint64(b)
}

// readSectionAndInterface reads as far as the first interface, which says what
// kind of packets to expect.
func (r *Reader) readSectionAndInterface() error {
	if err := r.readSection(); err != nil {
		return err
	}
	return r.readFirstInterface()
}

func (r *Reader) readSection() error {
	if !r.have(12) {
		if r.rerr != nil && r.rerr != io.EOF && r.rerr != io.ErrUnexpectedEOF {
			return r.short("", 0, 0)
		}
		return ErrFormat // four line ends may be the beginning of a text
	}
	r.ng = &pcapng{}
	if err := r.ng.setOrder(r.buf[r.pos+8:]); err != nil {
		return ErrFormat
	}
	n := r.ng.u32(r.buf[r.pos+4:])
	if n < sectionMinLen || n > sectionMaxLen {
		return texts.Error("broken.section", "least", sectionMinLen, "length", n, "most", sectionMaxLen)
	}
	if !r.have(int(n)) {
		return r.short("", int(n)-12, 12)
	}
	major, minor := r.ng.u16(r.buf[r.pos+12:]), r.ng.u16(r.buf[r.pos+14:])
	if major != 1 || minor != 0 && minor != 2 {
		return texts.Error("broken.ng-version", "major", major, "minor", minor)
	}
	r.pos += int(n)
	r.order = binary.ByteOrder(binary.BigEndian)
	if r.ng.little {
		r.order = binary.LittleEndian
	}
	return nil
}

func (r *Reader) readFirstInterface() error {
	for {
		kind, body, err := r.block()
		if err == io.EOF {
			return texts.Error("broken.no-interface")
		}
		if err != nil {
			return err
		}
		switch kind {
		case blockInterface:
			if err := r.ng.addInterface(body); err != nil {
				return err
			}
			first := &r.ng.ifaces[0]
			r.header = FileHeader{LinkType: first.link, Snaplen: first.snaplen, Nanoseconds: first.units > 1e6}
			return nil
		case blockEnhanced, blockSimple, blockPacket:
			return texts.Error("broken.early-packet")
		}
	}
}

func (n *pcapng) setOrder(magic []byte) error {
	switch uint32(byteOrderMagic) {
	case binary.LittleEndian.Uint32(magic):
		n.little = true
	case binary.BigEndian.Uint32(magic):
		n.little = false
	default:
		return texts.Error("broken.byte-order")
	}
	return nil
}

// block takes one whole block and returns its type and what is between its two
// lengths. At the end of the file it returns io.EOF.
func (r *Reader) block() (kind uint32, body []byte, err error) {
	if !r.have(blockHeaderLen) {
		if r.end == r.pos && r.rerr == io.EOF {
			return 0, nil, io.EOF
		}
		return 0, nil, r.short("", blockHeaderLen, 0)
	}
	kind = r.ng.u32(r.buf[r.pos:])
	if kind == blockSection {
		// A new section may have the other byte order, and with it the length
		// of this very block.
		if !r.have(12) {
			return 0, nil, r.short("", 4, blockHeaderLen)
		}
		if err := r.ng.setOrder(r.buf[r.pos+8:]); err != nil {
			return 0, nil, err
		}
	}
	n := r.ng.u32(r.buf[r.pos+4:])
	switch {
	case n < blockOverhead:
		return 0, nil, texts.Error("broken.block-short", "length", n, "least", blockOverhead)
	case n%4 != 0:
		return 0, nil, texts.Error("broken.block-odd", "length", n)
	case n > maxBlockLen:
		return 0, nil, texts.Error("broken.block-long", "length", n, "most", maxBlockLen)
	}
	size := int(n)
	if !r.have(size) {
		return 0, nil, r.short("", size-blockHeaderLen, blockHeaderLen)
	}
	b := r.buf[r.pos : r.pos+size]
	if again := r.ng.u32(b[size-4:]); again != n {
		return 0, nil, texts.Error("broken.block-lengths", "length", n, "again", again)
	}
	r.pos += size
	return kind, b[blockHeaderLen : size-4], nil
}

func tooShort(kind uint32) error {
	return texts.Error("broken.block-cut", "type", kind)
}

func (r *Reader) readPcapng(p *Packet) error {
	for {
		kind, body, err := r.block()
		if err != nil {
			return err
		}
		switch kind {
		case blockEnhanced:
			return r.ng.enhanced(p, kind, body)
		case blockPacket:
			return r.ng.enhanced(p, kind, body)
		case blockSimple:
			return r.ng.simple(p, body)
		case blockInterface:
			if err := r.ng.addInterface(body); err != nil {
				return err
			}
		case blockSection:
			if len(body) < sectionMinLen-blockOverhead {
				return tooShort(kind)
			}
			if major := r.ng.u16(body[4:]); major != 1 {
				return texts.Error("broken.ng-major", "major", major)
			}
			clear(r.ng.ifaces)
			r.ng.ifaces = r.ng.ifaces[:0]
		}
	}
}

// enhanced reads an Enhanced Packet Block, or the obsolete Packet Block, which
// differs in its first four bytes only: a shorter interface number and a count
// of drops.
func (n *pcapng) enhanced(p *Packet, kind uint32, body []byte) error {
	if len(body) < 20 {
		return tooShort(kind)
	}
	id := n.u32(body)
	if kind == blockPacket {
		id = uint32(n.u16(body))
	}
	i, err := n.iface(id)
	if err != nil {
		return err
	}
	t := uint64(n.u32(body[4:]))<<32 | uint64(n.u32(body[8:]))
	caplen := n.u32(body[12:])
	if int64(caplen) > int64(i.snaplen) {
		return texts.Error("broken.snaplen", "length", caplen, "snaplen", i.snaplen)
	}
	data := body[20:]
	if int(caplen) > len(data) {
		return tooShort(kind)
	}
	i.packet(p, data[:caplen:caplen], int(n.u32(body[16:])), i.time(t))
	if options := data[caplen:]; len(options) > 4 {
		p.Direction = n.direction(options[min(-int(caplen)&3, len(options)):])
	}
	return nil
}

// simple reads a Simple Packet Block: no time, and the first interface.
func (n *pcapng) simple(p *Packet, body []byte) error {
	if len(body) < 4 {
		return tooShort(blockSimple)
	}
	i, err := n.iface(0)
	if err != nil {
		return err
	}
	length := n.u32(body)
	caplen := int(min(int64(length), int64(i.snaplen)))
	if caplen > len(body)-4 {
		return tooShort(blockSimple)
	}
	i.packet(p, body[4:4+caplen:4+caplen], int(length), i.time(0))
	return nil
}

func (n *pcapng) iface(id uint32) (*ngInterface, error) {
	if int64(id) >= int64(len(n.ifaces)) {
		return nil, texts.Error("broken.unknown-interface", "id", id)
	}
	return &n.ifaces[id], nil
}

// direction reads the option epb_flags (code 2): in bits 0 and 1 the direction,
// in bits 2 to 4 how the packet was received.
func (n *pcapng) direction(options []byte) Direction {
	for len(options) >= 4 {
		code, size := n.u16(options), int(n.u16(options[2:]))
		options = options[4:]
		if code == 0 || size > len(options) {
			break
		}
		if code == 2 && size == 4 {
			switch flags := n.u32(options); {
			case flags&3 == 2:
				return DirectionOut
			case flags&3 == 0:
				return DirectionUnknown
			case flags>>2&7 == 2:
				return DirectionMulticast
			case flags>>2&7 == 3:
				return DirectionBroadcast
			case flags>>2&7 == 4:
				return DirectionOther
			default:
				return DirectionIn
			}
		}
		options = options[min((size+3)&^3, len(options)):]
	}
	return DirectionUnknown
}
