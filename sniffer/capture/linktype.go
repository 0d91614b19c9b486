package capture

// LinkType is a link-layer header type as pcap and pcapng files number it
// (LINKTYPE_… in the registry of the Tcpdump Group).
type LinkType uint32

// The link types that TCP traffic is met on.
const (
	Null      LinkType = 0   // BSD loopback: address family, 4 bytes, the writer's byte order
	Ethernet  LinkType = 1   // 14 bytes, then perhaps VLAN tags
	Raw       LinkType = 101 // IPv4 or IPv6, told by the version nibble
	Loop      LinkType = 108 // OpenBSD loopback: address family, 4 bytes, big-endian
	LinuxSLL  LinkType = 113 // "cooked" capture, 16 bytes
	IPv4      LinkType = 228
	IPv6      LinkType = 229
	LinuxSLL2 LinkType = 276 // "cooked" capture with the interface's index, 20 bytes
)
