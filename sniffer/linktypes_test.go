package main

import (
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
// expression for a later one it is refused by that link type's name.
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
			want, refused := 0, ""
			for i, f := range files {
				code, out, talk := realTcpdump(t, nil, "--count", "-nr", f, expression)
				n := 0
				switch {
				case code == 0:
					if _, err := fmt.Sscanf(out, "%d packet", &n); err != nil {
						t.Fatal(err, out)
					}
				case i > 0 && !strings.Contains(talk, "expression rejects all packets"):
					refused = linkTypeShort(map[string]capture.LinkType{"0.pcap": 0, "101.pcap": 101}[filepath.Base(f)])
				}
				want += n
			}
			code, out, talk := sniffer(t, nil, "--count", "-nr", file, expression)
			if refused != "" {
				_, talk, _ = strings.Cut(talk, "\n")
				if code != 1 || !strings.HasPrefix(talk, "sniffer: can't parse filter expression for the packets of link-type "+refused+" (") {
					t.Errorf("%s %s: status %d, %s%s", file, expression, code, out, talk)
				}
				continue
			}
			if wanted := fmt.Sprintf("%d packet%s\n", want, plural(uint64(want))); code != 0 || out != wanted {
				t.Errorf("%s %s: status %d, %s%s\nwant %s", file, expression, code, out, talk, wanted)
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
		code, out, talk := sniffer(t, nil, "--count", "-Q", direction, "-nr", "testdata/win_two_ifs.pcapng", "port 7272")
		if want := map[string]string{"in": "13 packets\n", "out": "0 packets\n"}[direction]; code != 0 || out != want {
			t.Errorf("%s: status %d, %s%s", direction, code, out, talk)
		}
	}
}
