package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/sniffer/capture"
)

// ofEachLinkType makes of a file one for each link type of its packets.
func ofEachLinkType(t *testing.T, name string) (files []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	writers := map[capture.LinkType]*capture.FileWriter{}
	dir := t.TempDir()
	for p := (capture.Packet{}); r.Read(&p) == nil; {
		w := writers[p.LinkType]
		if w == nil {
			files = append(files, filepath.Join(dir, fmt.Sprint(uint32(p.LinkType), ".pcap")))
			if w, err = capture.Create(files[len(files)-1], capture.FileHeader{LinkType: p.LinkType}); err != nil {
				t.Fatal(err)
			}
			writers[p.LinkType] = w
		}
		if err := w.Write(&p); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range writers {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestFilterOfSeveralLinkTypes: a filter finds in a file of several link types
// what tcpdump finds in one file for each of them; and where tcpdump refuses the
// expression for one that one's packets are passed over, by name.
func TestFilterOfSeveralLinkTypes(t *testing.T) {
	needTcpdump(t)
	for file, right := range map[string]map[string]int{
		"testdata/win_two_ifs.pcapng":     {"port 7272": 13, "not port 7272": 13},
		"testdata/ng_two_ifs_link.pcapng": {"udp port 1002": 1},
	} {
		files := ofEachLinkType(t, file)
		if len(files) < 2 {
			t.Fatalf("%s has %d link types", file, len(files))
		}
		for _, expression := range []string{
			"port 7272", "not port 7272", "udp port 1002", "tcp", "udp", "ip", "not ip", "arp", "not arp", "host 127.0.0.1", "not host 10.0.0.1",
			"len > 60", "less 60", "tcp[13] & 8 != 0", "ip[0] & 15 = 5", "tcp[tcpflags] & tcp-syn != 0 or udp", "ip6", "not ip6 and port 7272",
			"ether host 0:0:0:0:0:1", "not ether host 0:0:0:0:0:1", "vlan", "ether[0] = 0", "net 127.0.0.0/8", "portrange 1000-8000",
		} {
			want, fits := 0, false
			var refused []string
			for _, f := range files {
				code, out, stderr := realTcpdump(t, nil, "--count", "-nr", f, expression)
				n := 0
				switch {
				case code == 0:
					fits = true
					if _, err := fmt.Sscanf(out, "%d packet", &n); err != nil {
						t.Fatal(err, out)
					}
				case !strings.Contains(stderr, "expression rejects all packets"):
					refused = append(refused, map[string]capture.LinkType{"0.pcap": 0, "1.pcap": 1, "101.pcap": 101}[filepath.Base(f)].Name())
				}
				want += n
			}
			code, out, stderr := sniffer(t, nil, "--count", "-nr", file, expression)
			if !fits {
				if code != 1 || out != "" || !strings.Contains(stderr, "sniffer: can't parse filter expression: ") {
					t.Errorf("%s %s: status %d, %s%s", file, expression, code, out, stderr)
				}
				continue
			}
			if wanted := fmt.Sprintf("%d packet%s\n", want, plural(uint64(want))); code != 0 || out != wanted {
				t.Errorf("%s %s: status %d, %s%s\nwant %s", file, expression, code, out, stderr, wanted)
			}
			if strings.Count(stderr, "passed over") != len(refused) {
				t.Errorf("%s %s: %s\nwant to hear of %q", file, expression, stderr, refused)
			}
			for _, link := range refused {
				if !strings.Contains(stderr, " of link-type "+link+" (") {
					t.Errorf("%s %s: %s\nwant to hear of %s", file, expression, stderr, link)
				}
			}
			if n, known := right[expression]; known && n != want {
				t.Errorf("%s %s: tcpdump has %d", file, expression, want)
			}
		}
	}
}

// Packets of one direction are told from the others in every link type.
func TestDirectionOfSeveralLinkTypes(t *testing.T) {
	for _, direction := range []string{"in", "out"} {
		code, out, stderr := sniffer(t, nil, "--count", "-Q", direction, "-nr", "testdata/win_two_ifs.pcapng", "port 7272")
		if want := map[string]string{"in": "13 packets\n", "out": "0 packets\n"}[direction]; code != 0 || out != want {
			t.Errorf("%s: status %d, %s%s", direction, code, out, stderr)
		}
	}
}

// section is a pcapng file of interfaces with packets (draft-ietf-opsawg-pcapng).
type section struct{ interfaces, packets []byte }

func (s *section) add(link capture.LinkType, packets ...string) {
	block := func(kind uint32, body []byte) []byte {
		body = append(body, make([]byte, -len(body)&3)...)
		n := uint32(len(body) + 12)
		b := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, kind), n)
		return binary.LittleEndian.AppendUint32(append(b, body...), n)
	}
	words := func(w ...uint32) (b []byte) {
		for _, x := range w {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
		return b
	}
	if s.interfaces == nil {
		s.interfaces = block(0x0A0D0D0A, words(0x1A2B3C4D, 1, 0xffffffff, 0xffffffff))
	}
	number := uint32(bytes.Count(s.interfaces, words(1, 20)))
	s.interfaces = append(s.interfaces, block(1, words(uint32(link), 262144))...)
	for _, p := range packets {
		n := uint32(len(p))
		s.packets = append(s.packets, block(6, append(words(number, 0, 0, n, n), p...))...)
	}
}

// A filter gives the same whichever interface comes first: what it cannot be
// made for is passed over, by name unless nothing of it could match.
func TestFilterWhateverComesFirst(t *testing.T) {
	const (
		ip   = "\x45\x00\x00\x28\x00\x01\x00\x00\x40\x06\x00\x00\x7f\x00\x00\x01\x7f\x00\x00\x01" + "\x1c\x68\x13\x88\x00\x00\x00\x01\x00\x00\x00\x01\x50\x10\x00\x64\x00\x00\x00\x00"
		macs = "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02"
		eth  = macs + "\x08\x00" + ip
		arp  = macs + "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01\x02\x00\x00\x00\x00\x01\x0a\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0a\x00\x00\x02"
		ip6  = "\x60\x00\x00\x00\x00\x00\x3b\x40" + "0123456789abcdef0123456789abcdef"
		usb  = capture.LinkType(249)
		said = "\x1b\x00 what a USB device says, in no header that is known here"
	)
	type in struct {
		link    capture.LinkType
		packets []string
	}
	passed := func(n int, link string) string {
		return fmt.Sprintf("sniffer: passed over %d packet%s of link-type %s", n, plural(uint64(n)), link)
	}
	for _, tt := range []struct {
		expression string
		interfaces []in
		out        string // of --count; empty: an error
		stderr     string
	}{
		{"port 7272", []in{{1, []string{eth}}, {usb, []string{said, said}}, {1, []string{eth}}}, "2 packets\n", passed(2, "USBPCAP (USB with USBPcap header), which cannot be filtered\n")},
		{"port 7272", []in{{1, []string{eth}}, {usb, nil}}, "1 packet\n", ""},
		{"arp", []in{{101, []string{ip}}, {1, []string{arp, eth}}}, "1 packet\n", ""},
		{"arp", []in{{229, []string{ip6}}, {1, []string{arp, eth}}, {usb, []string{said}}}, "1 packet\n", passed(1, "USBPCAP (USB with USBPcap header), which cannot be filtered\n")},
		{"arp", []in{{229, []string{ip6}}, {101, []string{ip}}}, "", "can match no packet of this link type\narp\n^^^\n"},
		{"arp", []in{{101, []string{ip}}, {1, nil}}, "", "can match no packet of this link type\narp\n^^^\n"},
		{"arp", []in{{101, []string{ip}}}, "", "can match no packet of this link type\narp\n^^^\n"},
		{"arp", []in{{101, nil}}, "", "can match no packet of this link type\narp\n^^^\n"},
		{"ether src 2:0:0:0:0:2", []in{{101, []string{ip}}, {1, []string{arp, eth}}}, "2 packets\n", passed(1, "RAW (Raw IP): ")},
		{"port 7272", []in{{usb, []string{said}}}, "", "cannot be filtered; leave the expression out\n"},
		{"port or", []in{{usb, []string{said}}, {1, []string{eth}}}, "", "can't parse filter expression: "},
		{"host 1.2.3.4.5", []in{{101, []string{ip}}, {1, []string{eth}}}, "", "can't parse filter expression: "},
	} {
		n := len(tt.interfaces)
		for turn := range 2 * n { // each goes first, in both directions
			var s section
			for i := range n {
				at := (turn + i) % n
				if turn >= n {
					at = n - 1 - at
				}
				s.add(tt.interfaces[at].link, tt.interfaces[at].packets...)
			}
			name := filepath.Join(t.TempDir(), "mixed.pcapng")
			if err := os.WriteFile(name, append(s.interfaces, s.packets...), 0o666); err != nil {
				t.Fatal(err)
			}
			code, out, stderr := sniffer(t, nil, "--count", "-nr", name, tt.expression)
			_, stderr, _ = strings.Cut(stderr, "\n") // reading from file
			if right := code == exitOK; right != (tt.out != "") || out != tt.out || !strings.Contains(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
				t.Errorf("%s in %v, turn %d: status %d, %s%s", tt.expression, tt.interfaces, turn, code, out, stderr)
			}
		}
	}
}
