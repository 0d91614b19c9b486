package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pcapFile makes a file of n packets in any variant.
func pcapFile(o binary.AppendByteOrder, magic, snaplen uint32, minor uint16, n int) []byte {
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, minor)
	b = append(b, make([]byte, 8)...)
	b = o.AppendUint32(b, snaplen)
	b = o.AppendUint32(b, uint32(Ethernet))
	for i := range n {
		b = pcapRecord(o, b, magic, uint32(1407837003+i), uint32(i*1000+1), 60+i, 1500)
	}
	return b
}

func pcapRecord(o binary.AppendByteOrder, b []byte, magic, sec, frac uint32, caplen, length int) []byte {
	b = o.AppendUint32(b, sec)
	b = o.AppendUint32(b, frac)
	b = o.AppendUint32(b, uint32(caplen))
	b = o.AppendUint32(b, uint32(length))
	if magic == magicKuznetzov {
		b = append(b, make([]byte, 8)...)
	}
	return append(b, bytes.Repeat([]byte{byte(caplen)}, caplen)...)
}

// readAll gives the packets, with Data of their own, and what ended them.
func readAll(src io.Reader) ([]Packet, error) {
	r, err := NewReader(src)
	if err != nil {
		return nil, err
	}
	var all []Packet
	for {
		var p Packet
		if err := r.Read(&p); err != nil {
			return all, err
		}
		p.Data = bytes.Clone(p.Data)
		all = append(all, p)
	}
}

func TestReadEveryVariant(t *testing.T) {
	for _, o := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, magic := range []uint32{magicMicro, magicNano, magicKuznetzov} {
			got, err := readAll(bytes.NewReader(pcapFile(o, magic, 65535, 4, 3)))
			if err != io.EOF || len(got) != 3 {
				t.Fatalf("%v %x: %d packets, %v", o, magic, len(got), err)
			}
			for i, p := range got {
				tick := time.Microsecond
				if magic == magicNano {
					tick = time.Nanosecond
				}
				want := time.Unix(int64(1407837003+i), 0).Add(time.Duration(i*1000+1) * tick)
				if !p.Time.Equal(want) || p.Time.Location() != time.UTC || p.LinkType != Ethernet || p.Length != 1500 ||
					!bytes.Equal(p.Data, bytes.Repeat([]byte{byte(60 + i)}, 60+i)) {
					t.Errorf("%v %x: packet %d: %+v", o, magic, i, p)
				}
			}
		}
	}
}

func needTcpdump(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("compares with tcpdump: apt-get install tcpdump")
	}
}

// tcpdump's own answer to a file: its packets' lines, and its error.
func tcpdump(t *testing.T, file []byte, args ...string) (out, problem string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f.pcap")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tcpdump", append([]string{"-nr", name}, args...)...)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cmd.Run() != nil {
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		problem = strings.TrimPrefix(lines[len(lines)-1], "tcpdump: ")
		problem = strings.TrimPrefix(problem, "pcap_loop: ")
	}
	return stdout.String(), problem
}

// A file cut off anywhere, or damaged: the same packets and the same words as
// tcpdump's.
func TestBrokenFilesEndAsInTcpdump(t *testing.T) {
	needTcpdump(t)
	le, be := binary.LittleEndian, binary.BigEndian
	whole := pcapFile(le, magicMicro, 65535, 4, 2)
	files := map[string][]byte{
		"foreign":                               []byte("GIF89a, or so it says"),
		"whole":                                 whole,
		"version 1":                             append([]byte{0xd4, 0xc3, 0xb2, 0xa1, 1, 0, 4, 0}, whole[8:]...),
		"version 2.5":                           append([]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 5, 0}, whole[8:]...),
		"version 2.3, swapped":                  pcapRecord(le, pcapFile(le, magicMicro, 65535, 3, 1), magicMicro, 1, 1, 60, 40),
		"caplen past snaplen":                   pcapRecord(le, pcapFile(le, magicMicro, 61, 4, 2), magicMicro, 1, 1, 300, 300),
		"caplen past all":                       pcapRecord(le, whole, magicMicro, 1, 1, 262145, 262145),
		"caplen past all, but not past snaplen": pcapRecord(le, pcapFile(le, magicMicro, 1<<20, 4, 1), magicMicro, 1, 1, 262145, 262145),
		"snaplen 0":                             pcapFile(le, magicMicro, 0, 4, 1),
		"snaplen negative":                      pcapFile(be, magicMicro, 1<<31, 4, 1),
		"the largest":                           pcapRecord(be, pcapFile(be, magicNano, MaxSnaplen, 4, 1), magicNano, 1, 1, MaxSnaplen, MaxSnaplen),
	}
	for n := 0; n < len(whole); n += 1 + n/30*7 { // closely where the headers are
		files[fmt.Sprintf("cut off after %d bytes", n)] = whole[:n]
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, problem := tcpdump(t, file, "-tt")
			got, err := readAll(bytes.NewReader(file))
			if lines := strings.Count("\n"+out, "\n1") + strings.Count(out, "\n-"); len(got) != lines {
				t.Errorf("%d packets, tcpdump %d", len(got), lines)
			}
			if err == io.EOF && problem != "" || err != io.EOF && err.Error() != problem {
				t.Errorf("error %v\ntcpdump's %s", err, problem)
			}
			if strings.HasPrefix(problem, "truncated") {
				var te *TruncatedError
				if !errors.As(err, &te) || !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%T does not tell that it was cut off", err)
				}
			}
		})
	}
}

// What we write is what tcpdump writes from the same file.
func TestWriteAsTcpdump(t *testing.T) {
	needTcpdump(t)
	broken := pcapFile(binary.LittleEndian, magicMicro, 96, 4, 1)
	for _, fraction := range []uint32{999999, 1000000, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
		broken = pcapRecord(binary.LittleEndian, broken, magicMicro, 1, fraction, 40, 40)
	}
	for _, c := range []struct {
		name string
		file []byte
		arg  string
		nano bool
	}{
		{"micro", pcapFile(binary.LittleEndian, magicMicro, 96, 4, 40), "--micro", false},
		{"nano kept", pcapFile(binary.BigEndian, magicNano, 65535, 4, 40), "--nano", true},
		{"fractions that are none", broken, "--micro", false},
		{"nano cut", pcapFile(binary.BigEndian, magicNano, 0, 4, 40), "--micro", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "out.pcap")
			if _, problem := tcpdump(t, c.file, "-w", name, c.arg); problem != "" {
				t.Fatal(problem)
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r, err := NewReader(bytes.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			h := r.Header()
			h.Nanoseconds = c.nano
			var got bytes.Buffer
			w, err := NewWriter(&got, h)
			if err != nil {
				t.Fatal(err)
			}
			for p := (Packet{}); r.Read(&p) == nil; {
				if err := w.Write(&p); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("the files differ:\n%x\ntcpdump's\n%x", got.Bytes()[:64], want[:64])
			}
		})
	}
}

// recordWriter fails the test when a Write leaves a record unfinished.
type recordWriter struct {
	t *testing.T
	b bytes.Buffer
	n int
}

func (w *recordWriter) Write(b []byte) (int, error) {
	w.n++
	w.b.Write(b)
	if _, err := readAll(bytes.NewReader(w.b.Bytes())); err != io.EOF {
		w.t.Errorf("after write %d: %v", w.n, err)
	}
	return len(b), nil
}

func TestEveryWriteLeavesWholeRecords(t *testing.T) {
	out := &recordWriter{t: t}
	w, err := NewWriter(out, FileHeader{LinkType: Ethernet})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 1000, 60000, 5000, MaxSnaplen, 0, 70000, 70000, 12} {
		if err := w.Write(&Packet{LinkType: Ethernet, Data: make([]byte, n), Length: n}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if out.n < 4 {
		t.Errorf("only %d writes", out.n)
	}
	if all, _ := readAll(&out.b); len(all) != 9 {
		t.Errorf("%d packets", len(all))
	}
	if err := w.Write(&Packet{LinkType: LinuxSLL}); err == nil {
		t.Error("a packet of another link type was written")
	}
}

// A live stream gives a packet as soon as it is whole, and not before.
func TestPipeIsHeardAtOnce(t *testing.T) {
	file := pcapFile(binary.LittleEndian, magicMicro, 0, 4, 2)
	pr, pw := io.Pipe()
	got := make(chan Packet)
	go func() {
		r, err := NewReader(pr)
		if err != nil {
			t.Error(err)
			close(got)
			return
		}
		for p := (Packet{}); r.Read(&p) == nil; {
			got <- p
		}
		close(got)
	}()
	for i, b := range file {
		if _, err := pw.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
		if i+1 == 24+16+60 || i+1 == len(file) {
			if p, ok := <-got; !ok || p.Length != 1500 {
				t.Fatalf("after %d bytes: %+v", i+1, p)
			}
		}
	}
	pw.Close()
	if p, ok := <-got; ok {
		t.Errorf("one more: %+v", p)
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	r, err := NewReader(bytes.NewReader(pcapFile(binary.LittleEndian, magicMicro, 0, 4, 2000)))
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	if n := testing.AllocsPerRun(1000, func() {
		if err := r.Read(&p); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func FuzzReader(f *testing.F) {
	for _, o := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, magic := range []uint32{magicMicro, magicNano, magicKuznetzov} {
			f.Add(pcapFile(o, magic, 64, 4, 3))
			f.Add(pcapRecord(o, pcapFile(o, magic, 0, 3, 1), magic, 1<<31, 1<<31, 60, 10)[:150])
		}
	}
	for _, o := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		f.Add(ngEverything(o))
		f.Add(ngEverything(o)[:400])
	}
	for _, pack := range compressed {
		f.Add(pack(f, pcapFile(binary.LittleEndian, magicNano, 0, 4, 2)))
	}
	f.Add(append(ngEverything(binary.LittleEndian), ngEverything(binary.BigEndian)...)) // two sections
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			return
		}
		var p Packet
		total := 0
		for err = r.Read(&p); err == nil; err = r.Read(&p) {
			if len(p.Data) > r.Snaplen() && r.ng == nil {
				t.Fatalf("%d bytes with a snaplen of %d", len(p.Data), r.Snaplen())
			}
			if total += len(p.Data); total > len(file) && packed(file) == nil {
				t.Fatal("more bytes than the file has")
			}
		}
		if again := r.Read(&p); again != err {
			t.Fatalf("first %v, then %v", err, again)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Fatalf("more than one line: %q", err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	file := pcapFile(binary.LittleEndian, magicMicro, 0, 4, 0)
	for range 100000 {
		file = pcapRecord(binary.LittleEndian, file, magicMicro, 1407837003, 1, 82, 82)
	}
	b.ReportAllocs()
	var p Packet
	for n := 0; n < b.N; {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		for ; n < b.N && r.Read(&p) == nil; n++ {
		}
	}
}
