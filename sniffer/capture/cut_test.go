package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"chatlab/sniffer/catalogue"
)

// marked makes a file of n packets, with the place where each of them ends.
func marked(ng bool, n int) (file []byte, ends []int) {
	f := &ngFile{o: binary.LittleEndian}
	if ng {
		f.section().iface(Ethernet, 1500, f.option(2, []byte("eth0")...), f.option(9, 9))
	} else {
		f.b = pcapFile(binary.LittleEndian, magicMicro, 65535, 4, 0)
	}
	for i := range n {
		if ng {
			f.packet(0, uint64(i), 20+i, 1500, f.option(1, []byte("a comment")...), f.option(2, 1, 0, 0, 0))
		} else {
			f.b = pcapRecord(binary.LittleEndian, f.b, magicMicro, uint32(i), 1, 20+i, 1500)
		}
		ends = append(ends, len(f.b))
	}
	return f.b, ends
}

// batches reads a file as ReadBatch gives it.
func batches(src io.Reader) (n int, err error) {
	r, err := NewReader(src)
	if err != nil {
		return 0, err
	}
	for b := (Batch{}); ; n += len(b.Packets) {
		if err := r.ReadBatch(&b); err != nil {
			return n, err
		}
	}
}

// wholeIn counts the packets that are whole in the first size bytes.
func wholeIn(ends []int, size int) (n int) {
	for n < len(ends) && ends[n] <= size {
		n++
	}
	return n
}

// Wherever a file ends, every packet that is whole is given, and the end is told
// from the file's own.
func TestCutAtEveryByte(t *testing.T) {
	for _, ng := range []bool{false, true} {
		file, ends := marked(ng, 6)
		head := ends[0] - (ends[1] - ends[0]) // about where the file header ends
		for size := range len(file) {
			want := wholeIn(ends, size)
			got, err := readAll(bytes.NewReader(file[:size]))
			n, berr := batches(bytes.NewReader(file[:size]))
			if len(got) != want || n != want || err.Error() != berr.Error() {
				t.Fatalf("ng %v, %d bytes: %d packets (%v), in batches %d (%v), want %d", ng, size, len(got), err, n, berr, want)
			}
			whole := want > 0 && ends[want-1] == size
			var cut *TruncatedError
			if size > head+4 && (errors.As(err, &cut) == whole || whole != (err == io.EOF)) {
				t.Errorf("ng %v, %d bytes: %v", ng, size, err)
			}
		}
	}
}

// compressed makes of a file a member of each packing.
var compressed = map[string]func(testing.TB, []byte) []byte{
	"gzip": gzipped,
	"zstd": func(t testing.TB, b []byte) []byte {
		return written(t, b, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
	},
	"lz4": func(t testing.TB, b []byte) []byte {
		return written(t, b, func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) })
	},
}

func written(t testing.TB, b []byte, writer func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := writer(&packed)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// The same of a compressed file: what can be unpacked of it is read. It may have
// all packets and lack only its packing's own end.
func TestCutPackedAtEveryByte(t *testing.T) {
	for name, pack := range compressed {
		tool, missing := exec.LookPath(name)
		for _, ng := range []bool{false, true} {
			file, ends := marked(ng, 30)
			packed := pack(t, file)
			for size := 4; size < len(packed); size += 1 + size/8 {
				got, rerr := readAll(bytes.NewReader(packed[:size]))
				n, berr := batches(bytes.NewReader(packed[:size]))
				if n != len(got) || rerr.Error() != berr.Error() || !errors.Is(rerr, io.ErrUnexpectedEOF) && len(got) > 0 {
					t.Fatalf("%s, ng %v, %d bytes: %d packets (%v), in batches %d (%v)", name, ng, size, len(got), rerr, n, berr)
				}
				// The library keeps back zstd's last block until its checksum is there.
				if missing != nil || size%5 != 0 || name == "zstd" && size >= len(packed)-4 {
					continue
				}
				cmd := exec.Command(tool, "-dc")
				cmd.Stdin = bytes.NewReader(packed[:size])
				unpacked, _ := cmd.Output()
				if want := wholeIn(ends, len(unpacked)); len(got) < want {
					t.Errorf("%s, ng %v, %d bytes: %d packets, %s unpacks %d", name, ng, size, len(got), tool, want)
				}
			}
		}
	}
}

// What stands behind the end of compressed data hides no packet, and is told.
func TestBytesBehindPacked(t *testing.T) {
	file, ends := marked(false, 6)
	for name, pack := range compressed {
		whole := pack(t, file)
		for _, junk := range []string{"xxxx", "some bytes after the end of it", "\x00\x00\x00\x00", string(make([]byte, 600)), string(whole[:4])} {
			got, err := readAll(bytes.NewReader(append(bytes.Clone(whole), junk...)))
			if len(got) != len(ends) || err == io.EOF || !errors.Is(err, ErrTrailing) && junk[0] != whole[0] {
				t.Errorf("%s, %q: %d packets, %v", name, junk, len(got), err)
			}
		}
		// Another member belongs to it.
		two := append(pack(t, file[:100]), pack(t, file[100:])...)
		if got, err := readAll(bytes.NewReader(two)); len(got) != len(ends) || err != io.EOF {
			t.Errorf("%s, two members: %d packets, %v", name, len(got), err)
		}
	}
}

// A file of another kind is no capture, and what to do about it is told where the
// kind is known.
func TestForeignFiles(t *testing.T) {
	for begin, want := range map[string]string{
		"PK\x03\x04\x14\x00": "format.packed", "\xfd7zXZ\x00\x00": "format.packed", "7z\xbc\xaf\x27\x1c\x00": "format.packed", "BZh91AY": "format.packed",
		strings.Repeat("\x00", 257) + "ustar\x00" + strings.Repeat("\x00", 300): "format.packed",
		"snoop\x00\x00\x00\x00\x00\x00\x02":                                     "format.convert", "GMBU\x00\x02\x01\x00": "format.convert",
		"\n  <!doctype html>": "format.document", "<HTML>": "format.document", "{\n \"packet\": 1": "format.document", "%PDF-1.7": "format.document",
		"17:42:20.930226 IP 127.0.0.1.60653 > 127.0.0.1.7272: Flags [S], seq 1":            "format.printed",
		"17:42:20.930226 lo    In  IP6 ::1.60653 > ::1.7272: Flags [S], seq 1":             "format.printed",
		"2026-11-24 17:42:20.930226 IP 127.0.0.1.60653 > 127.0.0.1.7272: Flags [S], seq 1": "format.printed",
		"    1   0.000000    127.0.0.1 → 127.0.0.1    TCP 74 56202 → 7272 [SYN] Seq=0":     "format.printed",
		"hello, world, this is a note": "", "\x00\x00\x00\x00\x00": "",
	} {
		_, err := NewReader(strings.NewReader(begin))
		var told *catalogue.Error
		if !errors.Is(err, ErrFormat) || err.Error() != ErrFormat.Error() || !errors.As(err, &told) || told.Hint.Key() != want {
			t.Errorf("%.40q: %v, hint %v, want %s", begin, err, told, want)
		}
	}
}
