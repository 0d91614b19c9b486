package tcpdump

import "encoding/binary"

// Types of 802.11 frames and bits of their frame control field, little-endian
// (print-802_11.c).
const (
	wlanManagement = 0
	wlanControl    = 1
	wlanData       = 2

	fcToDS      = 0x0100
	fcFromDS    = 0x0200
	fcProtected = 0x4000

	subtypeCFAck  = 1 // of a data frame
	subtypeCFPoll = 2
	subtypeNoData = 4
	subtypeQoS    = 8
)

// fcFlags are what -v says of a frame control field, in that order.
var fcFlags = []bitName{
	{0x2000, "More Data "}, {0x0400, "More Fragments "}, {0x1000, "Pwr Mgmt "}, {0x0800, "Retry "}, {0x8000, "Strictly Ordered "}, {fcProtected, "Protected "},
}

var managementNames = map[uint8]string{
	0: "Assoc Request", 1: "Assoc Response", 2: "ReAssoc Request", 3: "ReAssoc Response", 4: "Probe Request", 5: "Probe Response",
	8: "Beacon", 9: "ATIM", 10: "Disassociation", 11: "Authentication", 12: "DeAuthentication", 13: "Action",
}

// wlanAddress is an address of a frame's header by its name.
type wlanAddress struct {
	name string
	at   int
}

// controlFrames have the length of the header, a name, and the addresses that
// are printed: before the name with -e, behind it without.
var controlFrames = map[uint8]struct {
	length       int
	name         string
	with, behind []wlanAddress
}{
	7:             {16, "Control Wrapper", nil, nil},
	subtypeBAR:    {20, "BAR", receiverTransmitter, receiverTransmitter},
	9:             {10, "BA", receiver, receiver},
	subtypePSPoll: {16, "Power Save-Poll", []wlanAddress{{"BSSID", 4}, {"TA", 10}}, nil},
	11:            {16, "Request-To-Send", receiverTransmitter, []wlanAddress{{"TA", 10}}},
	12:            {10, "Clear-To-Send", receiver, receiver},
	13:            {10, "Acknowledgment", receiver, receiver},
	14:            {16, "CF-End", receiverBSSID, receiver},
	15:            {16, "CF-End+CF-Ack", receiverBSSID, receiver},
}

var (
	receiver            = []wlanAddress{{"RA", 4}}
	receiverTransmitter = []wlanAddress{{"RA", 4}, {"TA", 10}}
	receiverBSSID       = []wlanAddress{{"RA", 4}, {"BSSID", 10}}
)

const (
	subtypeBAR    = 8 // of a control frame: block acknowledgment request
	subtypePSPoll = 10
)

// wlan prints an 802.11 frame (ieee802_11_print) that ends with a checksum of
// fcs bytes; a padded header ends at a multiple of four. It returns how many
// bytes of header there were.
func (f *formatter) wlan(b []byte, length uint32, padded bool, fcs uint32) int {
	f.proto = "802.11"
	captured := len(b)
	if length < fcs {
		f.trunc()
		return captured
	}
	length -= fcs
	b = b[:min(len(b), int(length))]
	if len(b) < 2 {
		f.trunc()
		return captured
	}
	fc := binary.LittleEndian.Uint16(b)
	typ, subtype := fc>>2&3, uint8(fc>>4&15)
	hdrlen := 24
	switch typ {
	case wlanManagement:
	case wlanControl:
		if hdrlen = controlFrames[subtype].length; hdrlen == 0 {
			f.str("unknown 802.11 ctrl frame subtype (").uint(uint32(subtype)).char(')')
			return 0
		}
	case wlanData:
		if fc&fcToDS != 0 && fc&fcFromDS != 0 {
			hdrlen += 6
		}
		if subtype&subtypeQoS != 0 {
			hdrlen += 2
		}
	default:
		f.str("unknown 802.11 frame type (").uint(uint32(typ)).char(')')
		return 0
	}
	if padded {
		hdrlen = (hdrlen + 3) &^ 3
	}
	if len(b) < hdrlen {
		f.trunc()
		return hdrlen
	}
	if f.opt.Link {
		f.wlanHeader(fc, b)
	}
	body, length := b[hdrlen:], length-uint32(hdrlen)
	switch {
	case typ == wlanManagement:
		f.wlanManagement(fc, body, length)
	case typ == wlanControl:
		f.wlanControl(subtype, b)
	case subtype&subtypeNoData != 0:
	case fc&fcProtected != 0:
		f.str("Data").wep(body)
	default:
		return hdrlen + f.llc(body, length, wlanStations(fc, b))
	}
	return hdrlen
}

// wlanHeader prints what -e says of a frame's header.
func (f *formatter) wlanHeader(fc uint16, b []byte) {
	typ, subtype := fc>>2&3, uint8(fc>>4&15)
	if f.opt.Verbose > 0 {
		for _, x := range fcFlags {
			if uint32(fc)&x.bit != 0 {
				f.str(x.name)
			}
		}
		if typ != wlanControl || subtype != subtypePSPoll {
			f.uint(uint32(binary.LittleEndian.Uint16(b[2:]))).str("us ")
		}
	}
	switch typ {
	case wlanManagement:
		f.wlanAddresses([]wlanAddress{{"BSSID", 16}, {"DA", 4}, {"SA", 10}}, b)
	case wlanControl:
		if subtype == subtypeBAR {
			f.char(' ')
		}
		f.wlanFields(subtype, controlFrames[subtype].with, b)
	default:
		f.wlanData(fc, subtype, b)
	}
}

// wlanData prints a data frame's subtype and its addresses, whose places follow
// from the directions (IEEE 802.11-2020 table 9-30).
func (f *formatter) wlanData(fc uint16, subtype uint8, b []byte) {
	if subtype&(subtypeCFAck|subtypeCFPoll|subtypeQoS) != 0 {
		f.str("CF ").str([...]string{"", "Ack", "Poll", "Ack/Poll"}[subtype&3])
		if subtype&subtypeQoS != 0 {
			f.str("+QoS")
		}
		f.char(' ')
	}
	f.wlanAddresses(dataAddresses[fc>>8&3], b)
}

// dataAddresses are a data frame's by its directions, fcToDS and fcFromDS.
var dataAddresses = [4][]wlanAddress{
	{{"DA", 4}, {"SA", 10}, {"BSSID", 16}}, {{"BSSID", 4}, {"SA", 10}, {"DA", 16}},
	{{"DA", 4}, {"BSSID", 10}, {"SA", 16}}, {{"RA", 4}, {"TA", 10}, {"DA", 16}, {"SA", 24}},
}

// wlanStations are a data frame's source and destination.
func wlanStations(fc uint16, b []byte) *stations {
	s := &stations{}
	for _, a := range dataAddresses[fc>>8&3] {
		switch a.name {
		case "SA":
			s.src = b[a.at : a.at+6]
		case "DA":
			s.dst = b[a.at : a.at+6]
		}
	}
	return s
}

// wlanManagement prints a management frame's kind. What stands in it is not
// decoded.
func (f *formatter) wlanManagement(fc uint16, b []byte, length uint32) {
	name := managementNames[uint8(fc>>4&15)]
	switch {
	case name == "":
		f.str("Unhandled Management subtype(").hex(uint64(fc >> 4 & 15)).char(')')
	case fc&fcProtected == 0 && name != "ATIM":
		f.undecoded(name, length)
		return
	default:
		f.str(name)
	}
	if fc&fcProtected != 0 {
		f.wep(b)
	}
}

// wep prints what stands in the clear before an encrypted body (wep_print).
func (f *formatter) wep(b []byte) {
	if len(b) < 4 {
		f.trunc()
		return
	}
	iv := binary.LittleEndian.Uint32(b)
	f.str(" IV:")
	if v := iv & 0xffffff; v < 0x100 {
		f.char(' ') // %3x
		if v < 0x10 {
			f.char(' ')
		}
	}
	f.hex(uint64(iv & 0xffffff)).str(" Pad ").hex(uint64(iv >> 24 & 0x3f)).str(" KeyID ").hex(uint64(iv >> 30))
}

// wlanControl prints a control frame (ctrl_body_print).
func (f *formatter) wlanControl(subtype uint8, b []byte) {
	c := controlFrames[subtype]
	f.str(c.name)
	switch {
	case subtype == subtypePSPoll:
		f.str(" AID(").hex(uint64(binary.LittleEndian.Uint16(b[2:]))).char(')')
	case !f.opt.Link && c.behind != nil:
		f.char(' ').wlanFields(subtype, c.behind, b)
	}
}

func (f *formatter) wlanFields(subtype uint8, addresses []wlanAddress, b []byte) {
	f.wlanAddresses(addresses, b)
	if subtype == subtypeBAR {
		f.str("CTL(").hex(uint64(binary.LittleEndian.Uint16(b[16:]))).str(") SEQ(").uint(uint32(binary.LittleEndian.Uint16(b[18:]))).str(") ")
	}
}

func (f *formatter) wlanAddresses(addresses []wlanAddress, b []byte) {
	for _, a := range addresses {
		f.str(a.name).char(':').mac(b[a.at : a.at+6]).char(' ')
	}
}
