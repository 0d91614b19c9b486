package dissect

import (
	"encoding/binary"
	"fmt"
	"strings"

	"chatlab/sniffer/capture"
)

// EtherTypes (IEEE 802 Numbers at IANA) that name what a link layer carries.
const (
	EtherIPv4 = 0x0800
	EtherIPv6 = 0x86dd

	etherVLAN    = 0x8100 // IEEE 802.1Q
	etherQinQ    = 0x88a8 // IEEE 802.1ad
	etherOldQinQ = 0x9100
	etherOldVLAN = 0x9200
	etherPPPoE   = 0x8864 // a session's packets
	etherMaxLen  = 1500   // up to here the field is a length (IEEE 802.3 §3.2.6)
)

// LinkTypeError is the ErrLinkType of one link type.
type LinkTypeError capture.LinkType

// Error returns the line.
func (e LinkTypeError) Error() string { return ErrLinkType.Error() + ": " + e.Name() }

// Name gives the link type's number, and its name if it has one: "189 USB_LINUX".
func (e LinkTypeError) Name() string {
	return strings.TrimSpace(fmt.Sprint(uint32(e), " ", capture.LinkType(e).Name()))
}

// Is makes it an ErrLinkType.
func (e LinkTypeError) Is(target error) bool { return target == ErrLinkType }

// Network says where the IP packet begins that a captured packet carries.
type Network struct {
	Offset   int    // in the packet's Data, which may end before it
	Length   int    // on the wire from there on, without a checksum of the link layer
	Protocol uint16 // EtherIPv4 or EtherIPv6
}

// Decode fills n from p, passing over the link layer's header, VLAN tags and
// what else stands before the IP header. The error is ErrLinkType, ErrNotIP,
// ErrCut, ErrMalformed, ErrProtected or ErrAggregate.
func (n *Network) Decode(p *capture.Packet) error {
	h := header{data: p.Data, end: max(p.Length, len(p.Data))}
	if err := h.link(p.LinkType); err != nil {
		return err
	}
	*n = Network{Offset: h.at, Length: h.end - h.at, Protocol: h.protocol}
	return nil
}

// header is how far a packet's headers were read.
type header struct {
	data     []byte
	at       int    // where the next header begins
	end      int    // where what it carries ends, on the wire
	protocol uint16 // the EtherType of what begins at at
}

// next gives the next n bytes without passing over them. All fields are read
// through it, so that none is read behind the packet's end.
func (h *header) next(n int) ([]byte, error) {
	if n > min(len(h.data), h.end)-h.at {
		return nil, ErrCut
	}
	return h.data[h.at : h.at+n], nil
}

// take gives the next n bytes and passes over them.
func (h *header) take(n int) ([]byte, error) {
	b, err := h.next(n)
	h.at += n
	return b, err
}

// number takes a number of two bytes, big-endian.
func (h *header) number() (uint16, error) {
	b, err := h.take(2)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint16(b), nil
}

// link reads the header of a link type.
func (h *header) link(t capture.LinkType) error {
	switch t {
	case capture.Ethernet:
		h.at += 12
		return h.etherType()
	case capture.LinuxSLL:
		return h.cooked(16, 2, 14)
	case capture.LinuxSLL2:
		return h.cooked(20, 8, 0)
	case capture.Null, capture.Loop:
		return h.family()
	case capture.Raw, capture.IPv4, capture.IPv6:
		return h.version()
	case capture.PPP:
		return h.ppp()
	case capture.PPPSerial:
		return h.serial()
	case capture.PPPEther:
		return h.pppoe()
	case capture.IEEE80211:
		return h.wlan(false)
	case capture.Radiotap:
		return h.radiotap()
	case capture.Prism, capture.AVS:
		return h.prism()
	case capture.PKTAP, capture.User2:
		return h.pktap(t)
	}
	return LinkTypeError(t)
}

// etherType reads an EtherType and what it announces.
func (h *header) etherType() error {
	t, err := h.number()
	if err != nil {
		return err
	}
	return h.announced(t)
}

// announced reads what an EtherType announces, VLAN tags first.
func (h *header) announced(t uint16) error {
	switch {
	case t == etherVLAN || t == etherQinQ || t == etherOldQinQ || t == etherOldVLAN:
		h.at += 2
		return h.etherType()
	case t == etherPPPoE:
		return h.pppoe()
	case t <= etherMaxLen:
		return h.llc()
	case t != EtherIPv4 && t != EtherIPv6:
		return ErrNotIP
	}
	h.protocol = t
	return nil
}

// llc reads an IEEE 802.2 header with a SNAP header behind it (RFC 1042).
func (h *header) llc() error {
	b, err := h.take(6)
	switch {
	case err != nil:
		return err
	case b[0] != 0xaa || b[1] != 0xaa || b[2] != 3 || b[3]|b[4] != 0 || b[5] != 0 && b[5] != 0xf8:
		return ErrNotIP
	}
	return h.etherType()
}

// cooked reads a LINUX_SLL or LINUX_SLL2 header of n bytes, with the interface's
// hardware type and the protocol at those offsets. 802.2 has the protocol 4.
func (h *header) cooked(n, hardware, protocol int) error {
	const radiotap = 803 // ARPHRD_IEEE80211_RADIOTAP (linux/if_arp.h): whatever the protocol says
	b, err := h.take(n)
	switch {
	case err != nil:
		return err
	case binary.BigEndian.Uint16(b[hardware:]) == radiotap:
		return h.radiotap()
	}
	return h.announced(binary.BigEndian.Uint16(b[protocol:]))
}

// family reads the address family of a BSD's loopback interface, in the byte
// order of the machine. The BSDs agree on that of IPv4 alone (print-null.c).
func (h *header) family() error {
	b, err := h.take(4)
	if err != nil {
		return err
	}
	family := binary.LittleEndian.Uint32(b)
	if family > 0xffff {
		family = binary.BigEndian.Uint32(b)
	}
	switch family {
	case 2:
		return h.announced(EtherIPv4)
	case 24, 28, 30: // NetBSD and OpenBSD, FreeBSD, macOS
		return h.announced(EtherIPv6)
	}
	return ErrNotIP
}

// version tells IPv4 from IPv6 where no link layer does.
func (h *header) version() error {
	b, err := h.next(1)
	switch {
	case err != nil:
		return err
	case b[0]>>4 == 4:
		return h.announced(EtherIPv4)
	case b[0]>>4 == 6:
		return h.announced(EtherIPv6)
	}
	return ErrNotIP
}

// pktap reads the header of macOS's "pktap" interface (bsd/net/pktap.h; all its
// fields are little-endian): its length, 108 at least, the type of record, 1 for
// a packet, and the DLT_ number of what follows. What else stands behind a number
// for private use is not read.
func (h *header) pktap(t capture.LinkType) error {
	b, err := h.next(12)
	if err != nil {
		return err
	}
	length, record := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	inside := capture.LinkTypeOf(binary.LittleEndian.Uint32(b[8:]))
	if length < 108 || int64(length) > int64(h.end-h.at) || record != 1 || inside == capture.PKTAP || inside == capture.User2 {
		if t == capture.PKTAP {
			return ErrMalformed
		}
		return LinkTypeError(t)
	}
	h.at += int(length)
	return h.link(inside)
}
