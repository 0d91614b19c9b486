// Package linktest puts the link layers that IP packets are met on around an IP
// packet, for the tests of whatever reads them.
package linktest

import (
	"encoding/hex"
	"fmt"
	"strings"

	"chatlab/sniffer/capture"
)

// Layer is one way of carrying an IP packet.
type Layer struct {
	Name   string
	Link   capture.LinkType
	before func(ip []byte) []byte
	after  []byte
}

// Packet gives the IP packet with its link layer.
func (l *Layer) Packet(ip []byte) []byte {
	return append(append(l.before(ip), ip...), l.after...)
}

// Offset gives where the IP packet begins in what Packet gives.
func (l *Layer) Offset() int { return len(l.before([]byte{0x45})) }

// Layers are all of them.
var Layers = []Layer{
	layer("Ethernet", capture.Ethernet, macs+"TYPE"),
	layer("802.1Q", capture.Ethernet, macs+"8100 2007 TYPE"),
	layer("802.1ad", capture.Ethernet, macs+"88a8 0064 8100 0007 TYPE"),
	layer("PPPoE", capture.Ethernet, macs+"8864 1100 0009 SESSION PPP"),
	layer("PPPoE in 802.1Q", capture.Ethernet, macs+"8100 0007 8864 1100 0009 SESSION PPP"),
	layer("802.3 with SNAP", capture.Ethernet, macs+"05dc"+snap),
	layer("cooked", capture.LinuxSLL, "0000 0001 0006 020000000001 0000 TYPE"),
	layer("cooked with 802.1Q", capture.LinuxSLL, "0000 0001 0006 020000000001 0000 8100 0007 TYPE"),
	layer("cooked v2", capture.LinuxSLL2, "TYPE 0000 00000001 0001 00 06 020000000001 0000"),
	layer("cooked with radiotap", capture.LinuxSLL, "0000 0323 0006 020000000001 0000 0004"+radiotap+toAP+snap),
	layer("loopback, little-endian", capture.Null, "FAMILY 000000"),
	layer("loopback, big-endian", capture.Null, "000000 FAMILY"),
	layer("OpenBSD loopback", capture.Loop, "000000 FAMILY"),
	layer("raw", capture.Raw, ""),
	layer("PPP", capture.PPP, "ff03 PPP"),
	layer("PPP without address", capture.PPP, "PPP"),
	layer("PPP with a short protocol", capture.PPP, "ff03 SHORT"),
	layer("PPP with a short protocol alone", capture.PPP, "SHORT"),
	layer("PPP, in", capture.PPP, "0003 PPP"),
	layer("PPP, out", capture.PPP, "0103 PPP"),
	layer("PPP over serial", capture.PPPSerial, "ff03 PPP"),
	layer("Cisco HDLC", capture.PPPSerial, "0f00 TYPE"),
	layer("PPPoE alone", capture.PPPEther, "1100 0009 SESSION PPP"),
	layer("802.11 to the access point", capture.IEEE80211, toAP+snap),
	layer("802.11 from the access point", capture.IEEE80211, "0802 3000"+addresses+"1000"+snap),
	layer("802.11 ad hoc", capture.IEEE80211, "0800 3000"+addresses+"1000"+snap),
	layer("802.11 between access points", capture.IEEE80211, "0803 3000"+addresses+"1000 020000000004"+snap),
	layer("802.11 with QoS", capture.IEEE80211, "8801 3000"+addresses+"1000 0000"+snap),
	layer("802.11 with QoS between access points", capture.IEEE80211, "8803 3000"+addresses+"1000 020000000004 0000"+snap),
	layer("802.11 with HT control", capture.IEEE80211, "8881 3000"+addresses+"1000 0000 00000000"+snap),
	layer("802.11 with an A-MSDU of one", capture.IEEE80211, "8801 3000"+addresses+"1000 8000"+macs+"SUBFRAME"+snap),
	layer("radiotap", capture.Radiotap, radiotap+toAP+snap),
	layer("radiotap with clock, rate, channel and signal", capture.Radiotap, "0000 1a00 2f480000 0102030405060708 00 16 6c09 a000 d3 01 0000"+toAP+snap),
	layer("radiotap with a checksum", capture.Radiotap, "0000 0a00 02000000 10 00"+toAP+snap).followed("deadbeef"),
	layer("radiotap with clock and checksum", capture.Radiotap, "0000 1200 03000000 0102030405060708 10 00"+toAP+snap).followed("deadbeef"),
	layer("radiotap with padding", capture.Radiotap, "0000 0c00 02000000 20 000000 8801 3000"+addresses+"1000 0000 0000"+snap),
	layer("radiotap with several antennas", capture.Radiotap, "0000 1600 220000a0 200800a0 20080000 00 d3 d2 00 d1 01"+toAP+snap),
	layer("Prism", capture.Prism, "00000044 00000090"+strings.Repeat("00", 136)+toAP+snap),
	layer("AVS as Prism", capture.Prism, "80211001 00000040"+strings.Repeat("00", 56)+toAP+snap),
	layer("AVS", capture.AVS, "80211001 00000040"+strings.Repeat("00", 56)+toAP+snap),
	layer("PKTAP of Ethernet", capture.PKTAP, pktap("01000000")+macs+"TYPE"),
	layer("PKTAP of raw IP", capture.PKTAP, pktap("0c000000")),
	layer("PKTAP of loopback", capture.PKTAP, pktap("00000000")+"FAMILY 000000"),
	layer("PKTAP of radiotap", capture.PKTAP, pktap("7f000000")+radiotap+toAP+snap),
	layer("PKTAP of old", capture.User2, pktap("01000000")+macs+"TYPE"),
}

// Unread are frames that no IP packet can be read of, though there may be one.
var Unread = []Layer{
	layer("802.11, encrypted", capture.IEEE80211, "0841 3000"+addresses+"1000 0102032000000000"),
	layer("802.11 with an A-MSDU of two", capture.IEEE80211, "8801 3000"+addresses+"1000 8000"+macs+"0010"+snap+strings.Repeat("00", 8)),
	layer("802.11, no data", capture.IEEE80211, "4801 3000"+addresses+"1000"),
	layer("802.11, a beacon", capture.IEEE80211, "8000 0000"+addresses+"1000 0000000000000000 6400 0104 0003616263"),
	layer("802.11, an acknowledgment", capture.IEEE80211, "d400 0000 020000000001"),
	layer("802.11, a later fragment", capture.IEEE80211, "0801 3000"+addresses+"1100"+snap),
	layer("USB", 189, ""),
	layer("private", capture.User2, "0000 0000 0000 0000 0000 0000"),
}

const (
	macs      = "020000000001 020000000002"
	addresses = "020000000001 020000000002 020000000003"
	snap      = "aaaa03 000000 TYPE"
	toAP      = "0801 3000" + addresses + "1000"
	radiotap  = "0000 0800 00000000"
)

// pktap is macOS's header with the DLT_ number of what follows.
func pktap(dlt string) string {
	return "6c000000 01000000" + dlt + "656e30" + strings.Repeat("00", 21) + strings.Repeat("00", 72)
}

func layer(name string, link capture.LinkType, before string) Layer {
	return Layer{Name: name, Link: link, before: func(ip []byte) []byte {
		version := map[byte][]string{
			4: {"TYPE", "0800", "PPP", "0021", "SHORT", "21", "FAMILY", "02"},
			6: {"TYPE", "86dd", "PPP", "0057", "SHORT", "57", "FAMILY", "1e"},
		}[ip[0]>>4]
		lengths := []string{"SESSION", fmt.Sprintf("%04x", 2+len(ip)), "SUBFRAME", fmt.Sprintf("%04x", 8+len(ip)), " ", ""}
		return bytes(strings.NewReplacer(append(version, lengths...)...).Replace(before))
	}}
}

func (l Layer) followed(after string) Layer {
	l.after = bytes(after)
	return l
}

func bytes(digits string) []byte {
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return b
}
