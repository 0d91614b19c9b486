package tcpdump

import "encoding/binary"

// Service access points of IEEE 802.2 (llc.h).
const (
	sapIP      = 0x06
	sap8021D   = 0x42
	sapSNAP    = 0xaa
	sapIPX     = 0xe0
	sapNetBEUI = 0xf0
	sapOSI     = 0xfe
	sapGlobal  = 0xff
	llcUI      = 0x03 // control: unnumbered information
)

var sapNames = map[byte]string{
	0x00: "Null", sapGlobal: "Global", 0x02: "802.1B I", 0x03: "802.1B G", sapIP: "IP", 0x04: "SNA", 0x0e: "ProWay NM",
	sap8021D: "STP", 0x4e: "RS511", 0x7e: "ISO8208", 0x8e: "ProWay", sapSNAP: "SNAP", sapIPX: "IPX", sapNetBEUI: "NetBeui", sapOSI: "OSI",
}

var llcCommands = map[byte]string{
	0x03: "ui", 0xe3: "test", 0xaf: "xid", 0x63: "ua", 0x43: "disc", 0x0f: "dm", 0x6f: "sabme", 0x87: "frmr",
}

var llcSupervisory = [...]string{"Receiver Ready", "Receiver not Ready", "Reject", "?"}

// llcFlags names the flag of an SSAP together with the poll bit.
func llcFlags(response, poll bool) string {
	switch {
	case response && poll:
		return "Final"
	case response:
		return "Response"
	case poll:
		return "Poll"
	}
	return "Command"
}

// stations are the hardware addresses that the link layer had.
type stations struct{ src, dst []byte }

// llc prints an IEEE 802.2 header and what it announces (print-llc.c), its bytes
// where that is unknown. It returns the header's length.
func (f *formatter) llc(b []byte, length uint32, from *stations) int {
	n, known := f.llcHeader(b, length, from)
	if !known {
		f.defaultPrint(b)
	}
	return n
}

// llcHeader is llc_print: known is false where the caller is to print the bytes.
func (f *formatter) llcHeader(b []byte, length uint32, from *stations) (hdrlen int, known bool) {
	f.proto = "llc"
	hdrlen = 3
	unnumbered := len(b) < 3 || b[2]&3 == 3
	if !unnumbered {
		hdrlen = 4 // the control field of I and S frames is longer
	}
	if len(b) < hdrlen || length < uint32(hdrlen) {
		f.trunc()
		f.hexASCIIPrint(b) // also with -q
		return min(len(b), int(length)), true
	}
	if b[0] == sapGlobal && b[1] == sapGlobal {
		return 0, f.undecoded("IPX", length)
	}
	dsap, ssap, control := b[0]&^1, b[1]&^1, uint16(b[2])
	if !unnumbered {
		control = binary.LittleEndian.Uint16(b[2:])
	}
	response := b[1]&1 != 0
	if f.opt.Link {
		group := "Individual"
		if b[0]&1 != 0 {
			group = "Group"
		}
		f.str("LLC, dsap ").named(sapNames[dsap], "Unknown").str(" (0x").hexPadded(uint64(dsap), 2).str(") ").str(group)
		f.str(", ssap ").named(sapNames[ssap], "Unknown").str(" (0x").hexPadded(uint64(ssap), 2).str(") ").str(llcFlags(response, false))
		f.str(", ctrl 0x").hexPadded(uint64(control), 2*(hdrlen-2)).str(": ")
	}
	whole := length
	b, length = b[hdrlen:], length-uint32(hdrlen)
	if ssap == dsap && control == llcUI {
		switch dsap {
		case sapSNAP:
			return hdrlen + 5, f.snap(b, length, from)
		case sap8021D:
			return hdrlen, f.undecoded("STP", length)
		case sapIP:
			f.ip(b, length)
			return hdrlen, true
		case sapIPX, sapNetBEUI, sapOSI:
			return hdrlen, f.undecoded(sapNames[dsap], length)
		}
	}
	if ssap == dsap && ssap == sapNetBEUI && !unnumbered && control&1 == 0 {
		return hdrlen, f.undecoded(sapNames[dsap], length)
	}
	if !f.opt.Link {
		f.llcStations(dsap, ssap, from)
	}
	switch {
	case unnumbered:
		poll := control&0x10 != 0
		command := llcCommands[byte(control)&^0x10]
		f.str("Unnumbered, ")
		if command == "" {
			f.hexPadded(uint64(control&0xef), 2)
		}
		f.str(command).str(", Flags [").str(llcFlags(response, poll)).str("], length ").uint(whole)
		if command == "xid" {
			return hdrlen, f.xid(b, length)
		}
	case control&1 != 0:
		f.str("Supervisory, ").str(llcSupervisory[control>>2&3]).str(", rcv seq ").uint(uint32(control >> 9))
		f.str(", Flags [").str(llcFlags(response, control&0x100 != 0)).str("], length ").uint(whole)
		return hdrlen, true
	default:
		f.str("Information, send seq ").uint(uint32(control >> 1 & 0x7f)).str(", rcv seq ").uint(uint32(control >> 9))
		f.str(", Flags [").str(llcFlags(response, control&0x100 != 0)).str("], length ").uint(whole)
	}
	return hdrlen, false
}

// xid prints the information of an exchange of identification. It reports
// whether that was all.
func (f *formatter) xid(b []byte, length uint32) bool {
	switch {
	case length == 0:
		return true
	case len(b) < 1:
		f.trunc()
		return true
	case b[0] != 0x81:
		return false
	case len(b) < 3 || length < 3:
		f.trunc()
		f.hexASCIIPrint(b)
		return true
	}
	f.str(": ").hexPadded(uint64(b[1]), 2).char(' ').hexPadded(uint64(b[2]), 2)
	return true
}

// llcStations prints who sends to whom where -e has not.
func (f *formatter) llcStations(dsap, ssap byte, from *stations) {
	sap := func(s byte, which string) {
		if name := sapNames[s]; name != "" {
			f.str(name)
		} else {
			f.str("Unknown ").str(which).str(" 0x").hexPadded(uint64(s), 2)
		}
		f.char(' ')
	}
	if from != nil {
		f.mac(from.src).char(' ')
	}
	if ssap != dsap {
		sap(ssap, "SSAP")
	}
	if from != nil || ssap != dsap {
		f.str("> ")
	}
	if from != nil {
		f.mac(from.dst).char(' ')
	}
	sap(dsap, "DSAP")
}

// Organizations of SNAP headers (oui.h).
const (
	ouiEthernet  = 0x000000
	ouiBridged   = 0x0000f8 // by Cisco's machines
	ouiAppletalk = 0x080007
	ouiCisco     = 0x00000c
	ouiRFC2684   = 0x0080c2
)

// What two organizations number themselves in SNAP headers.
var (
	ciscoNames   = map[uint16]string{0x2000: "CDP", 0x2003: "VTP", 0x2004: "DTP", 0x0111: "UDLD", 0x010b: "PVST", 0x010c: "VLAN Bridge"}
	bridgedNames = map[uint16]string{
		1: "Ethernet + FCS", 7: "Ethernet w/o FCS", 2: "802.4 + FCS", 8: "802.4 w/o FCS", 3: "Token Ring + FCS", 9: "Token Ring w/o FCS",
		4: "FDDI + FCS", 10: "FDDI w/o FCS", 5: "802.6 + FCS", 11: "802.6 w/o FCS", 14: "BPDU",
	}
)

// snap prints a SNAP header and what it announces (snap_print). It reports
// whether that is known.
func (f *formatter) snap(b []byte, length uint32, from *stations) (known bool) {
	f.proto = "snap"
	if len(b) < 5 || length < 5 {
		f.trunc()
		return true
	}
	oui := uint32(b[0])<<16 | uint32(binary.BigEndian.Uint16(b[1:]))
	typ := binary.BigEndian.Uint16(b[3:])
	b, length = b[5:], length-5
	name := ""
	switch oui {
	case ouiEthernet, ouiBridged, ouiAppletalk:
		name = etherTypeNames[typ]
	case ouiCisco:
		name = ciscoNames[typ]
	case ouiRFC2684:
		name = bridgedNames[typ]
	}
	describe := func(withOUI bool) {
		kind := "ethertype "
		if withOUI {
			f.str("oui ").named(ouiNames[oui], "Unknown").str(" (0x").hexPadded(uint64(oui), 6).str("), ")
		}
		if oui != ouiEthernet {
			kind = "pid "
		}
		f.hexNamed(kind, name, typ).str(", length ").uint(length).str(": ")
	}
	if f.opt.Link {
		describe(true)
	}
	switch oui {
	case ouiEthernet, ouiBridged:
		known = f.etherPayload(typ, b, length)
	case ouiAppletalk:
		known = name == "Appletalk" && f.etherPayload(typ, b, length)
	case ouiCisco:
		known = name != "" && f.undecoded(name, length)
	case ouiRFC2684:
		known = name != "" && typ != 2 && typ != 8 && typ != 5 && typ != 11 && f.undecoded(name, length)
	}
	if !known && !f.opt.Link {
		if from != nil {
			f.mac(from.src).str(" > ").mac(from.dst).char(' ')
		}
		f.str("SNAP, ")
		describe(oui != ouiEthernet)
	}
	return known
}
