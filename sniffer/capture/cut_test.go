package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os/exec"
	"testing"
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

// The same of a compressed file: what gzip can unpack of it is read. It may have
// all packets and lack only gzip's own end.
func TestCutGzipAtEveryByte(t *testing.T) {
	gzip, err := exec.LookPath("gzip")
	for _, ng := range []bool{false, true} {
		file, ends := marked(ng, 60)
		packed := gzipped(t, file)
		for size := 2; size < len(packed); size++ {
			got, rerr := readAll(bytes.NewReader(packed[:size]))
			n, berr := batches(bytes.NewReader(packed[:size]))
			if n != len(got) || rerr.Error() != berr.Error() || !errors.Is(rerr, io.ErrUnexpectedEOF) && len(got) > 0 {
				t.Fatalf("ng %v, %d bytes: %d packets (%v), in batches %d (%v)", ng, size, len(got), rerr, n, berr)
			}
			if err != nil || size%11 != 0 {
				continue
			}
			cmd := exec.Command(gzip, "-dc")
			cmd.Stdin = bytes.NewReader(packed[:size])
			unpacked, _ := cmd.Output()
			if want := wholeIn(ends, len(unpacked)); len(got) < want {
				t.Errorf("ng %v, %d bytes: %d packets, gzip unpacks %d", ng, size, len(got), want)
			}
		}
	}
}

// What stands behind gzip's end hides no packet, and is told.
func TestBytesBehindGzip(t *testing.T) {
	file, ends := marked(false, 6)
	for _, junk := range []string{"x", "some bytes after the end of it", "\x00", string(make([]byte, 600)), "\x1f\x8b"} {
		got, err := readAll(bytes.NewReader(append(gzipped(t, file), junk...)))
		if len(got) != len(ends) || err == io.EOF || !errors.Is(err, ErrTrailing) && junk[0] != 0x1f {
			t.Errorf("%q: %d packets, %v", junk, len(got), err)
		}
	}
	// Another member belongs to it (RFC 1952 §2.2).
	two := append(gzipped(t, file[:100]), gzipped(t, file[100:])...)
	if got, err := readAll(bytes.NewReader(two)); len(got) != len(ends) || err != io.EOF {
		t.Errorf("two members: %d packets, %v", len(got), err)
	}
}
