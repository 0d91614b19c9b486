package tcpdump

import (
	"encoding/binary"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
)

// TestEveryEtherType holds the tables of Ethernet types against print-ether.c's:
// their names, and that exactly those with a printer there are said to be not
// decoded. The others' bytes are shown.
func TestEveryEtherType(t *testing.T) {
	needTcpdump(t)
	for name, frame := range map[string]func(typ int) capture.Packet{
		"Ethernet": func(typ int) capture.Packet {
			return packet(capture.Ethernet, 0, join(macs, be16(typ), make([]byte, 46)))
		},
		"LINUX_SLL": func(typ int) capture.Packet {
			return packet(capture.LinuxSLL, 0, join(be16(4), be16(1), be16(6), macs[:6], be16(0), be16(typ), make([]byte, 44)))
		},
		"ARP": func(typ int) capture.Packet {
			return packet(capture.Ethernet, 0, join(macs, be16(etherARP), be16(1), be16(typ), []byte{6, 4}, be16(1), make([]byte, 20)))
		},
	} {
		var packets []capture.Packet
		for typ := range 1 << 16 {
			packets = append(packets, frame(typ))
		}
		file := writePcap(t, packets)
		for _, flags := range []string{"n#", "neq#"} {
			want := split(tcpdumps(t, file, flags), len(packets))
			got := split(printed(t, options(t, flags), packets), len(packets))
			failed := 0
			for typ := range packets {
				shown := typ > etherMaxLen && typ != etherArista && strings.Contains(want[typ], binaryDump)
				if got[typ] == want[typ] || !shown && strings.HasSuffix(got[typ], "(not decoded)\n") {
					continue
				}
				if failed++; failed <= 5 {
					t.Errorf("-%s, %s, type %x:\n got %q\nwant %q", flags, name, binary.BigEndian.AppendUint16(nil, uint16(typ)), got[typ], want[typ])
				}
			}
		}
	}
}

// binaryDump is how the bytes of a frame begin that tcpdump has no printer for.
const binaryDump = "length 60: \n\t0x0000:  0000 "
