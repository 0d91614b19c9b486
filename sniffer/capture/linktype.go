package capture

import "strconv"

// LinkType is a link-layer header type as pcap and pcapng files number it
// (LINKTYPE_… in the Tcpdump Group's registry, tcpdump.org/linktypes.html).
type LinkType uint32

// The link types that TCP traffic is met on.
const (
	Null      LinkType = 0   // BSD loopback: address family, 4 bytes, the writer's byte order
	Ethernet  LinkType = 1   // 14 bytes, then perhaps VLAN tags
	PPP       LinkType = 9   // RFC 1661, with or without the address and control of RFC 1662
	PPPSerial LinkType = 50  // address and control of RFC 1662 or of Cisco HDLC, then the protocol
	PPPEther  LinkType = 51  // the session packets of RFC 2516 without an Ethernet header
	Raw       LinkType = 101 // IPv4 or IPv6, told by the version nibble
	IEEE80211 LinkType = 105 // 802.11 frames
	Loop      LinkType = 108 // OpenBSD loopback: address family, 4 bytes, big-endian
	LinuxSLL  LinkType = 113 // "cooked" capture, 16 bytes
	Prism     LinkType = 119 // Prism or AVS header before an 802.11 frame
	Radiotap  LinkType = 127 // radiotap header before an 802.11 frame
	User2     LinkType = 149 // for private use; macOS has written PKTAP under this number
	AVS       LinkType = 163 // AVS header before an 802.11 frame
	IPv4      LinkType = 228
	IPv6      LinkType = 229
	PKTAP     LinkType = 258 // Apple's: a header that names the link type of what follows it
	LinuxSLL2 LinkType = 276 // "cooked" capture with the interface's index, 20 bytes
)

// linkTypes have the names and descriptions of libpcap 1.10 (dlt_choices in
// pcap.c), also of link types that only other tools read.
var linkTypes = map[LinkType]struct{ name, description string }{
	Null: {"NULL", "BSD loopback"}, Ethernet: {"EN10MB", "Ethernet"}, 6: {"IEEE802", "Token ring"}, 8: {"SLIP", "SLIP"},
	PPP: {"PPP", "PPP"}, 10: {"FDDI", "FDDI"}, PPPSerial: {"PPP_SERIAL", "PPP over serial"}, PPPEther: {"PPP_ETHER", "PPPoE"},
	Raw: {"RAW", "Raw IP"}, 104: {"C_HDLC", "Cisco HDLC"}, IEEE80211: {"IEEE802_11", "802.11"}, 107: {"FRELAY", "Frame Relay"},
	Loop: {"LOOP", "OpenBSD loopback"}, LinuxSLL: {"LINUX_SLL", "Linux cooked v1"}, 117: {"PFLOG", "OpenBSD pflog file"},
	Prism: {"PRISM_HEADER", "802.11 plus Prism header"}, Radiotap: {"IEEE802_11_RADIO", "802.11 plus radiotap header"},
	143: {"DOCSIS", "DOCSIS"}, AVS: {"IEEE802_11_RADIO_AVS", "802.11 plus AVS radio information header"},
	166: {"PPP_PPPD", "PPP for pppd, with direction flag"}, 187: {"BLUETOOTH_HCI_H4", "Bluetooth HCI UART transport layer"},
	189: {"USB_LINUX", "USB with Linux header"}, 192: {"PPI", "Per-Packet Information"}, 195: {"IEEE802_15_4", "IEEE 802.15.4 with FCS"},
	201: {"BLUETOOTH_HCI_H4_WITH_PHDR", "Bluetooth HCI UART transport layer plus pseudo-header"},
	220: {"USB_LINUX_MMAPPED", "USB with padded Linux header"}, 227: {"CAN_SOCKETCAN", "CAN-bus with SocketCAN headers"},
	IPv4: {"IPV4", "Raw IPv4"}, IPv6: {"IPV6", "Raw IPv6"}, 231: {"DBUS", "D-Bus"}, 239: {"NFLOG", "Linux netfilter log messages"},
	249: {"USBPCAP", "USB with USBPcap header"}, 251: {"BLUETOOTH_LE_LL", "Bluetooth Low Energy air interface"},
	253: {"NETLINK", "Linux netlink"}, 254: {"BLUETOOTH_LINUX_MONITOR", "Bluetooth Linux Monitor"}, PKTAP: {"PKTAP", "Apple DLT_PKTAP"},
	LinuxSLL2: {"LINUX_SLL2", "Linux cooked v2"},
}

// LinkTypeOf gives the link type of a number in a file, or of a DLT_ number. They
// differ in raw IP, which systems have numbered in several ways (libpcap's
// pcap-common.c).
func LinkTypeOf(n uint32) LinkType {
	switch n {
	case 12, 14: // DLT_RAW of most systems, and of OpenBSD
		return Raw
	}
	return LinkType(n)
}

// Name gives a link type's name as libpcap has it ("EN10MB"), or "" if it has
// none here.
func (t LinkType) Name() string { return linkTypes[t].name }

// String gives a link type as tcpdump prints it: name and description, "EN10MB
// (Ethernet)", or its number.
func (t LinkType) String() string {
	if l, ok := linkTypes[t]; ok {
		return l.name + " (" + l.description + ")"
	}
	return strconv.FormatUint(uint64(t), 10)
}
