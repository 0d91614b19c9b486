package dissect

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect/linktest"
)

// ipPackets are a SYN over IPv4 and over IPv6.
func ipPackets(t *testing.T) [2][]byte {
	w := newWire(t)
	w.open()
	four := w.packets[0].Data
	six := append([]byte{0x60, 0, 0, 0, 0, 20, 6, 64}, make([]byte, 32)...)
	six[23], six[39] = 1, 1 // ::1
	return [2][]byte{four, append(six, four[20:]...)}
}

func TestNetwork(t *testing.T) {
	for _, ip := range ipPackets(t) {
		protocol := map[byte]uint16{4: EtherIPv4, 6: EtherIPv6}[ip[0]>>4]
		for _, l := range linktest.Layers {
			data := l.Packet(ip)
			p := capture.Packet{LinkType: l.Link, Data: data, Length: len(data)}
			want := Network{Offset: l.Offset(), Length: len(ip), Protocol: protocol}
			var n Network
			if err := n.Decode(&p); err != nil || n != want {
				t.Errorf("%s: %+v, %v; want %+v", l.Name, n, err, want)
			}
			for i := range data {
				p.Data = data[:i]
				if err := n.Decode(&p); err != nil && !errors.Is(err, ErrCut) || err == nil && n != want {
					t.Errorf("%s, cut at %d of %d: %+v, %v", l.Name, i, len(data), n, err)
				}
			}
		}
	}
}

func TestNoNetwork(t *testing.T) {
	for name, want := range map[string]error{
		"802.11, encrypted": ErrProtected, "802.11 with an A-MSDU of two": ErrAggregate, "802.11, no data": ErrNotIP,
		"802.11, a beacon": ErrNotIP, "802.11, an acknowledgment": ErrNotIP, "802.11, a later fragment": ErrFragment, "USB": ErrLinkType, "private": ErrLinkType,
	} {
		found := false
		for _, l := range linktest.Unread {
			if l.Name != name {
				continue
			}
			found = true
			data := l.Packet(ipPackets(t)[0])
			var n Network
			if err := n.Decode(&capture.Packet{LinkType: l.Link, Data: data, Length: len(data)}); !errors.Is(err, want) {
				t.Errorf("%s: %+v, %v; want %v", name, n, err, want)
			}
		}
		if !found {
			t.Errorf("no frame is called %q", name)
		}
	}
	if got := LinkTypeError(189).Error(); !strings.HasSuffix(got, ": 189 USB_LINUX") {
		t.Error(got)
	}
}

// TestNetworkAgreesWithTshark has Wireshark's dissector find the same TCP header.
func TestNetworkAgreesWithTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("compares with tshark: install it (apt-get install tshark)")
	}
	ip := ipPackets(t)[0]
	file := block(0x0A0D0D0A, 0x1A2B3C4D, nil, 1, 0xffffffff, 0xffffffff)
	var names []string
	for _, l := range linktest.Layers {
		if l.Link == capture.User2 || strings.HasPrefix(l.Name, "PPP, ") {
			continue // Wireshark reads neither
		}
		data := l.Packet(ip)
		n := uint32(len(data))
		file = append(file, block(1, uint32(l.Link), nil, 262144)...)
		file = append(file, block(6, uint32(len(names)), data, 0, 0, n, n)...)
		names = append(names, l.Name)
	}
	name := filepath.Join(t.TempDir(), "all.pcapng")
	if err := os.WriteFile(name, file, 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-r", name, "-T", "fields", "-e", "tcp.srcport", "-e", "tcp.dstport", "-e", "frame.protocols").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(names) {
		t.Fatalf("tshark has %d packets of %d:\n%s", len(lines), len(names), out)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, "60653\t7272\t") {
			t.Errorf("%s: tshark has %q", names[i], line)
		}
	}
}

// block is a block of a pcapng file (draft-ietf-opsawg-pcapng) of numbers and,
// at its end, data.
func block(kind, first uint32, data []byte, more ...uint32) []byte {
	body := binary.LittleEndian.AppendUint32(nil, first)
	for _, n := range more {
		body = binary.LittleEndian.AppendUint32(body, n)
	}
	body = append(append(body, data...), make([]byte, -len(data)&3)...)
	n := uint32(len(body) + 12)
	b := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, kind), n)
	return binary.LittleEndian.AppendUint32(append(b, body...), n)
}

// FuzzNetwork looks for packets that make the decoder panic or point outside.
func FuzzNetwork(f *testing.F) {
	ip := append([]byte{0x45}, make([]byte, 40)...)
	for _, l := range append(linktest.Layers, linktest.Unread...) {
		f.Add(uint32(l.Link), 0, l.Packet(ip))
	}
	f.Fuzz(func(t *testing.T, link uint32, more int, data []byte) {
		p := capture.Packet{LinkType: capture.LinkType(link), Data: data, Length: len(data) + more&0xffff}
		var n Network
		if n.Decode(&p) == nil && (n.Offset < 0 || n.Length < 0 || n.Offset+n.Length > p.Length || n.Protocol != EtherIPv4 && n.Protocol != EtherIPv6) {
			t.Errorf("%+v of %d bytes", n, p.Length)
		}
	})
}
