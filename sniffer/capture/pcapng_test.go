package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// ngFile builds pcapng files block by block.
type ngFile struct {
	o binary.AppendByteOrder
	b []byte
}

func (f *ngFile) block(kind uint32, body []byte) *ngFile {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	n := uint32(12 + len(body))
	f.b = f.o.AppendUint32(f.b, kind)
	f.b = f.o.AppendUint32(f.b, n)
	f.b = append(f.b, body...)
	f.b = f.o.AppendUint32(f.b, n)
	return f
}

func (f *ngFile) section() *ngFile {
	b := f.o.AppendUint32(nil, byteOrderMagic)
	b = f.o.AppendUint16(b, 1)
	b = f.o.AppendUint16(b, 0)
	return f.block(blockSection, append(b, bytes.Repeat([]byte{0xff}, 8)...))
}

// option is its code, its length, its value and what pads it.
func (f *ngFile) option(code uint16, value ...byte) []byte {
	b := f.o.AppendUint16(nil, code)
	b = f.o.AppendUint16(b, uint16(len(value)))
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func (f *ngFile) iface(link LinkType, snaplen uint32, options ...[]byte) *ngFile {
	b := f.o.AppendUint16(nil, uint16(link))
	b = f.o.AppendUint16(b, 0)
	b = f.o.AppendUint32(b, snaplen)
	return f.block(blockInterface, append(b, bytes.Join(options, nil)...))
}

func (f *ngFile) packet(id uint32, t uint64, caplen, length int, options ...[]byte) *ngFile {
	b := f.o.AppendUint32(nil, id)
	b = f.o.AppendUint32(b, uint32(t>>32))
	b = f.o.AppendUint32(b, uint32(t))
	b = f.o.AppendUint32(b, uint32(caplen))
	b = f.o.AppendUint32(b, uint32(length))
	b = append(b, bytes.Repeat([]byte{byte(caplen)}, caplen)...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return f.block(blockEnhanced, append(b, bytes.Join(options, nil)...))
}

func (f *ngFile) oldPacket(id uint16, t uint64, caplen int) *ngFile {
	b := f.o.AppendUint16(nil, id)
	b = f.o.AppendUint16(b, 7) // drops
	b = f.o.AppendUint32(b, uint32(t>>32))
	b = f.o.AppendUint32(b, uint32(t))
	b = f.o.AppendUint32(b, uint32(caplen))
	b = f.o.AppendUint32(b, uint32(caplen))
	return f.block(blockPacket, append(b, make([]byte, caplen)...))
}

func (f *ngFile) simple(length, caplen int) *ngFile {
	return f.block(blockSimple, append(f.o.AppendUint32(nil, uint32(length)), make([]byte, caplen)...))
}

func (f *ngFile) offset(seconds int64) []byte {
	return f.option(14, f.o.AppendUint64(nil, uint64(seconds))...)
}

// ngEverything has every block and every option that is read, and only what
// libpcap reads too.
func ngEverything(o binary.AppendByteOrder) []byte {
	const t = 1407837003
	f := &ngFile{o: o}
	f.section()
	f.block(0x80000001, []byte("a block of somebody's own"))
	f.iface(Ethernet, 1500, f.option(2, []byte("lo")...), f.option(9, 6), f.option(0))
	f.packet(0, t*1e6+123456, 61, 61)
	f.block(4, make([]byte, 12)) // names of hosts
	f.iface(Ethernet, 1500, f.option(2, []byte("eth0")...), f.option(9, 9), f.offset(-3600))
	f.iface(Ethernet, 1500, f.option(9, 0x80|20))
	f.iface(Ethernet, 1500, f.option(9, 3), f.offset(1<<33))
	f.packet(1, t*1e9+123456789, 62, 1500, f.option(2, f.o.AppendUint32(nil, 2)...))
	f.packet(2, t<<20+12345, 63, 63, f.option(1, []byte("hello")...), f.option(2, f.o.AppendUint32(nil, 3<<2|1)...))
	f.packet(3, 77123, 64, 64)
	f.oldPacket(1, t*1e9, 60)
	f.simple(1600, 1500)
	f.simple(60, 60)
	f.section().iface(Ethernet, 1500, f.option(2, []byte("wlan0")...)).packet(0, t*1e6, 65, 65)
	return f.b
}

// byTcpdump reads a file as tcpdump does: what it writes of it, and its error.
func byTcpdump(t *testing.T, file []byte) ([]Packet, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out.pcap")
	_, problem := tcpdump(t, file, "--nano", "-w", name)
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, problem
	}
	got, err := readAll(bytes.NewReader(b))
	if err != io.EOF {
		t.Fatal(err)
	}
	return got, problem
}

func sameAsTcpdump(t *testing.T, file []byte) {
	t.Helper()
	want, problem := byTcpdump(t, file)
	got, err := readAll(bytes.NewReader(file))
	if err == io.EOF && problem != "" || err != io.EOF && err.Error() != problem {
		t.Errorf("error %v\ntcpdump's %s", err, problem)
	}
	if len(got) != len(want) {
		t.Fatalf("%d packets, tcpdump %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		// Seconds are written as 32 bits.
		same := uint32(g.Time.Unix()) == uint32(w.Time.Unix()) && g.Time.Nanosecond() == w.Time.Nanosecond()
		if !same || g.Length != w.Length || g.LinkType != w.LinkType || !bytes.Equal(g.Data, w.Data) {
			t.Errorf("packet %d: %v %d %d, tcpdump %v %d %d", i, g.Time, g.Length, len(g.Data), w.Time, w.Length, len(w.Data))
		}
	}
}

func TestPcapngAsTcpdump(t *testing.T) {
	needTcpdump(t)
	for _, o := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		whole := ngEverything(o)
		t.Run(fmt.Sprint(o), func(t *testing.T) { t.Parallel(); sameAsTcpdump(t, whole) })
		for n := 4; n < len(whole); n += 1 + n/40*17 {
			t.Run(fmt.Sprintf("%v cut off after %d bytes", o, n), func(t *testing.T) { t.Parallel(); sameAsTcpdump(t, whole[:n]) })
		}
		if o == binary.AppendByteOrder(binary.LittleEndian) {
			continue // once is enough
		}
		begin := func() *ngFile { return (&ngFile{o: o}).section() }
		f := begin()
		damaged := map[string][]byte{
			"no interface":          begin().b,
			"packet before":         begin().packet(0, 1, 60, 60).b,
			"interface unknown":     begin().iface(Ethernet, 0).packet(0, 1, 60, 60).packet(1, 1, 60, 60).b,
			"caplen past snaplen":   begin().iface(Ethernet, 59).packet(0, 1, 60, 60).b,
			"caplen past block":     o.AppendUint32(begin().iface(Ethernet, 0).block(blockEnhanced, o.AppendUint32(make([]byte, 12), 77)).b, 0),
			"block of 11":           o.AppendUint32(o.AppendUint32(begin().iface(Ethernet, 0).b, 6), 11),
			"block of 33":           o.AppendUint32(o.AppendUint32(begin().iface(Ethernet, 0).b, 6), 33),
			"block of 2 GiB":        o.AppendUint32(o.AppendUint32(begin().iface(Ethernet, 0).b, 6), 1<<31),
			"trailer differs":       append(begin().iface(Ethernet, 0).packet(0, 1, 60, 60).b[:20+28+32+88], 1, 1, 1, 1),
			"resolution too high":   begin().iface(Ethernet, 0, f.option(9, 20)).b,
			"resolution 2^-64":      begin().iface(Ethernet, 0, f.option(9, 0xc0)).b,
			"resolution twice":      begin().iface(Ethernet, 0, f.option(9, 6), f.option(9, 6)).b,
			"resolution long":       begin().iface(Ethernet, 0, f.option(9, 6, 6)).b,
			"offset short":          begin().iface(Ethernet, 0, f.option(14, 6)).b,
			"end of options long":   begin().iface(Ethernet, 0, f.option(0, 6)).b,
			"option past the block": begin().iface(Ethernet, 0, f.option(2, 1, 2, 3, 4)[:4]).b,
			"interface short":       begin().block(blockInterface, make([]byte, 4)).b,
			"simple short":          begin().iface(Ethernet, 0).simple(100, 60).b,
			"version 2":             bytes.Replace(begin().b, o.AppendUint16(nil, 1), o.AppendUint16(nil, 2), 1),
			"section short":         o.AppendUint32(o.AppendUint32([]byte{10, 13, 13, 10}, 24), byteOrderMagic),
			"text":                  []byte("\n\r\r\n and so on, and so on"),
		}
		for name, file := range damaged {
			t.Run(fmt.Sprintf("%v %s", o, name), func(t *testing.T) { t.Parallel(); sameAsTcpdump(t, file) })
		}
	}
}

func TestPcapngInterfacesAndDirections(t *testing.T) {
	got, err := readAll(bytes.NewReader(ngEverything(binary.BigEndian)))
	if err != io.EOF {
		t.Fatal(err)
	}
	for i, want := range []struct {
		name string
		dir  Direction
	}{{"lo", 0}, {"eth0", DirectionOut}, {"", DirectionBroadcast}, {"", 0}, {"eth0", 0}, {"lo", 0}, {"lo", 0}, {"wlan0", 0}} {
		if got[i].Interface != want.name || got[i].Direction != want.dir {
			t.Errorf("packet %d: %q %d, want %q %d", i, got[i].Interface, got[i].Direction, want.name, want.dir)
		}
	}
}

// libpcap stops where interfaces differ, and where byte orders do; there is no
// need to.
func TestPcapngMoreThanLibpcap(t *testing.T) {
	le := (&ngFile{o: binary.LittleEndian}).section().iface(Ethernet, 96).iface(LinuxSLL2, 1500).packet(0, 1, 60, 60).packet(1, 1, 99, 99)
	be := (&ngFile{o: binary.BigEndian}).section().iface(Raw, 0).packet(0, 1e6, 40, 40)
	got, err := readAll(bytes.NewReader(append(le.b, be.b...)))
	if err != io.EOF || len(got) != 3 {
		t.Fatalf("%d packets, %v", len(got), err)
	}
	for i, want := range []LinkType{Ethernet, LinuxSLL2, Raw} {
		if got[i].LinkType != want {
			t.Errorf("packet %d: link type %d", i, got[i].LinkType)
		}
	}
	if !got[2].Time.Equal(time.Unix(1, 0)) {
		t.Errorf("time %v", got[2].Time)
	}
}

// What another implementation writes.
func TestPcapngOfGopacket(t *testing.T) {
	var file bytes.Buffer
	w, err := pcapgo.NewNgWriterInterface(&file, pcapgo.NgInterface{Name: "lo", LinkType: layers.LinkTypeEthernet, SnapLength: 65535, TimestampResolution: 9}, pcapgo.NgWriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1407837003, 123456789)
	for n := range 10 {
		if err := w.WritePacket(gopacket.CaptureInfo{Timestamp: at, CaptureLength: n, Length: 100}, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(&file)
	if err != io.EOF || len(got) != 10 {
		t.Fatalf("%d packets, %v", len(got), err)
	}
	for i, p := range got {
		if !p.Time.Equal(at) || p.Interface != "lo" || len(p.Data) != i || p.Length != 100 {
			t.Errorf("packet %d: %+v", i, p)
		}
	}
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return z.Bytes()
}

func TestGzip(t *testing.T) {
	for name, file := range map[string][]byte{
		"pcap":   pcapFile(binary.LittleEndian, magicNano, 0, 4, 100),
		"pcapng": ngEverything(binary.LittleEndian),
	} {
		z := gzipped(t, file)
		want, _ := readAll(bytes.NewReader(file))
		got, err := readAll(bytes.NewReader(z))
		if err != io.EOF || len(got) != len(want) {
			t.Errorf("%s: %d packets, want %d, %v", name, len(got), len(want), err)
		}
		for n := range z {
			got, err := readAll(bytes.NewReader(z[:n]))
			if len(got) > len(want) {
				t.Fatalf("%s: %d packets", name, len(got))
			}
			if !errors.Is(err, io.ErrUnexpectedEOF) && err != ErrFormat {
				t.Errorf("%s: after %d of %d bytes: %v", name, n, len(z), err)
			}
		}
	}
	if _, err := readAll(bytes.NewReader(gzipped(t, gzipped(t, pcapFile(binary.LittleEndian, magicNano, 0, 4, 1))))); err != ErrFormat {
		t.Errorf("compressed twice: %v", err)
	}
}
