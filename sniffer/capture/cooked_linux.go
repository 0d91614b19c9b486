package capture

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// The headers that stand for a link-layer header where packets come from
// interfaces of several kinds: LINUX_SLL and LINUX_SLL2 (tcpdump.org's link
// type pages; libpcap's pcap/sll.h). All fields are big-endian.
const (
	sllLen  = 16
	sll2Len = 20
	vlanLen = 4
)

func (l *Live) headerLen() int {
	switch l.link {
	case LinuxSLL:
		return sllLen
	case LinuxSLL2:
		return sll2Len
	}
	return 0
}

// putCooked writes the header of l's link type into b, which ends where the
// packet begins. The kernel leaves 28 bytes between a packet's address and a
// packet without link-layer header, and 14 before an Ethernet header
// (net/packet/af_packet.c, tpacket_rcv): room for a header and a VLAN tag, and
// for a VLAN tag.
func (l *Live) putCooked(b []byte, from *unix.RawSockaddrLinklayer) {
	be := binary.BigEndian
	switch l.link {
	case LinuxSLL:
		be.PutUint16(b, uint16(from.Pkttype))
		be.PutUint16(b[2:], from.Hatype)
		be.PutUint16(b[4:], uint16(from.Halen))
		copy(b[6:14], from.Addr[:])
		binary.NativeEndian.PutUint16(b[14:], from.Protocol) // network order already
	case LinuxSLL2:
		binary.NativeEndian.PutUint16(b, from.Protocol)
		be.PutUint16(b[2:], 0)
		be.PutUint32(b[4:], uint32(from.Ifindex))
		be.PutUint16(b[8:], from.Hatype)
		b[10], b[11] = from.Pkttype, from.Halen
		copy(b[12:20], from.Addr[:])
	}
}

// vlanOffset is where a VLAN tag has been taken out of a packet: before the
// type field. libpcap puts none back into LINUX_SLL2, so neither do we.
func (l *Live) vlanOffset() int {
	switch l.link {
	case Ethernet:
		return 12
	case LinuxSLL:
		return sllLen - 2
	}
	return -1
}

// vlanTag tells the tag that the kernel took out of a packet.
func vlanTag(status, tci uint32, tpid uint16) (tag [vlanLen]byte, ok bool) {
	if status&unix.TP_STATUS_VLAN_VALID == 0 && tci == 0 {
		return tag, false
	}
	if status&unix.TP_STATUS_VLAN_TPID_VALID == 0 && tpid == 0 {
		tpid = unix.ETH_P_8021Q
	}
	binary.BigEndian.PutUint16(tag[:], tpid)
	binary.BigEndian.PutUint16(tag[2:], uint16(tci))
	return tag, true
}
