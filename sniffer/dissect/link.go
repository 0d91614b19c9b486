package dissect

import (
	"encoding/binary"

	"chatlab/sniffer/capture"
)

// networkOffset gives the offset of the IP header in p.Data. The error is
// ErrLinkType, ErrNotIP or ErrCut.
func networkOffset(p *capture.Packet) (int, error) {
	b := p.Data
	switch p.LinkType {
	case capture.Ethernet:
		return behindEtherType(b, 12)
	case capture.LinuxSLL:
		return behindEtherType(b, 14)
	case capture.LinuxSLL2:
		if _, err := behindEtherType(b, 0); err != nil {
			return 0, err
		}
		return 20, nil
	case capture.Null, capture.Loop:
		return 4, nil
	case capture.Raw, capture.IPv4, capture.IPv6:
		return 0, nil
	}
	return 0, ErrLinkType
}

// behindEtherType reads the EtherType at off and passes over VLAN tags
// (IEEE 802.1Q, 802.1ad).
func behindEtherType(b []byte, off int) (int, error) {
	for len(b) >= off+2 {
		switch binary.BigEndian.Uint16(b[off:]) {
		case 0x0800, 0x86dd:
			return off + 2, nil
		case 0x8100, 0x88a8, 0x9100:
			off += 4
		default:
			return 0, ErrNotIP
		}
	}
	return 0, ErrCut
}
