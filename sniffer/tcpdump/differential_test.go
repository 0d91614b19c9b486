package tcpdump

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatlab/sniffer/capture"
)

// needTcpdump skips a test on a machine without tcpdump 4.99.
func needTcpdump(t testing.TB) {
	t.Helper()
	out, err := exec.Command("tcpdump", "--version").CombinedOutput()
	if err != nil {
		t.Skip("tcpdump is not installed: apt-get install tcpdump")
	}
	if !bytes.Contains(out, []byte("tcpdump version 4.99.")) {
		t.Skipf("tcpdump 4.99 is needed to compare with, this is %s", bytes.TrimSpace(out))
	}
}

// options makes Options of tcpdump's flags, as far as the tests use them.
func options(t testing.TB, flags string) Options {
	t.Helper()
	o := Options{InterfaceName: func(index uint32) string {
		i, err := net.InterfaceByIndex(int(index))
		if err != nil {
			return ""
		}
		return i.Name
	}}
	times := 0
	for _, c := range flags {
		switch c {
		case 'n':
			o.Numeric++
		case 'A':
			o.ASCII++
		case 'x':
			o.Hex++
		case 'X':
			o.HexASCII++
		case 'S':
			o.Absolute = true
		case 'e':
			o.Link = true
		case 'q':
			o.Quiet++
		case 'v':
			o.Verbose++
		case 'K':
			o.NoChecksums = true
		case '#':
			o.Number = true
		case 't':
			times++
		case 'N': // --nano
			o.Nano = true
		default:
			t.Fatalf("flag %c", c)
		}
	}
	o.Time = TimeFormat(times)
	return o
}

// printed returns what a Printer prints of packets.
func printed(t testing.TB, o Options, packets []capture.Packet) string {
	t.Helper()
	var b bytes.Buffer
	p := NewPrinter(&b, o)
	for i := range packets {
		if err := p.Print(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// writePcap writes packets, all of one link type, to a file in nanoseconds.
func writePcap(t testing.TB, packets []capture.Packet) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "t.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := capture.WriteAll(f, capture.FileHeader{LinkType: packets[0].LinkType, Nanoseconds: true}, packets); err != nil {
		t.Fatal(err)
	}
	return name
}

// tcpdumps returns what the real tcpdump prints of a file.
func tcpdumps(t testing.TB, file, flags string) string {
	t.Helper()
	return tcpdumpsIn(t, "UTC", file, flags)
}

func tcpdumpsIn(t testing.TB, zone, file, flags string) string {
	t.Helper()
	args := []string{"-r", file, "-" + strings.ReplaceAll(flags, "N", "")}
	if strings.Contains(flags, "N") {
		args = append(args, "--nano")
	}
	cmd := exec.Command("tcpdump", args...)
	cmd.Env = append(os.Environ(), "TZ="+zone)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tcpdump %v: %v: %s", args, err, stderr.Bytes())
	}
	return string(out)
}

// compare holds the text of packets, all of one link type, against tcpdump's,
// packet by packet. flags should have #: numbers tell packets apart.
func compare(t *testing.T, flags string, packets []capture.Packet) {
	t.Helper()
	compareDecoded(t, flags, packets, 90)
}

// compareDecoded does the same, of packets of which some are not decoded: at
// least percent of a hundred must be.
func compareDecoded(t *testing.T, flags string, packets []capture.Packet, percent int) {
	t.Helper()
	compareFile(t, flags, packets, writePcap(t, packets), percent)
}

func compareFile(t *testing.T, flags string, packets []capture.Packet, file string, percent int) {
	t.Helper()
	want := split(tcpdumps(t, file, flags), len(packets))
	got := split(printed(t, options(t, flags), packets), len(packets))
	failed, undecoded := 0, 0
	for i := range packets {
		if got[i] == want[i] {
			continue
		}
		if strings.Contains(got[i], "(not decoded)") {
			undecoded++
			continue
		}
		if failed++; failed <= 5 {
			t.Errorf("-%s, packet %d of link type %d, %d of %d bytes:\n got %q\nwant %q\n%s", flags, i+1,
				packets[i].LinkType, len(packets[i].Data), packets[i].Length, got[i], want[i], hex.Dump(packets[i].Data))
		}
	}
	if failed > 5 {
		t.Errorf("-%s: %d of %d packets differ", flags, failed, len(packets))
	}
	if undecoded*100 > len(packets)*(100-percent) {
		t.Errorf("-%s: %d of %d packets are not decoded", flags, undecoded, len(packets))
	}
}

// split cuts numbered output into packets.
func split(s string, n int) []string {
	texts := make([]string, n)
	for i := range texts {
		next := strings.Index(s, fmt.Sprintf("\n%5d  ", i+2))
		if next < 0 {
			texts[i], s = s, ""
		} else {
			texts[i], s = s[:next+1], s[next+1:]
		}
	}
	return texts
}

// packet makes a whole packet.
func packet(link capture.LinkType, n int, data []byte) capture.Packet {
	return capture.Packet{
		Time:     time.Unix(1407837000, 523910123).Add(time.Duration(n) * 1234567 * time.Nanosecond),
		LinkType: link, Length: len(data), Data: data,
	}
}

// cuts returns a packet cut at every byte, as a small snapshot length leaves it.
func cuts(p capture.Packet) []capture.Packet {
	var all []capture.Packet
	for n := 1; n <= len(p.Data); n++ {
		c := p
		c.Data = p.Data[:n]
		all = append(all, c)
	}
	return all
}
