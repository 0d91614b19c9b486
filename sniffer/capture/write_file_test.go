package capture

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// fullDisk has room for so many bytes.
type fullDisk struct {
	*os.File
	room int
}

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(b []byte) (int, error) {
	n, err := d.File.Write(b[:min(len(b), d.room)])
	d.room -= n
	if err == nil && n < len(b) {
		err = errFull
	}
	return n, err
}

func readFile(t *testing.T, name string) ([]Packet, error) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return readAll(f)
}

func TestFullDiskLeavesWholeFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(&wholeWrites{file: &fullDisk{f, 150_000}}, FileHeader{LinkType: Ethernet})
	if err != nil {
		t.Fatal(err)
	}
	written := 0
	for p := (Packet{LinkType: Ethernet, Data: make([]byte, 984)}); err == nil; written++ {
		err = w.Write(&p)
	}
	if !errors.Is(err, errFull) || w.Flush() != err {
		t.Errorf("%v, then %v", err, w.Flush())
	}
	got, err := readFile(t, name)
	if err != io.EOF || len(got) < 65 || len(got) >= written {
		t.Errorf("%d packets of %d, %v", len(got), written, err)
	}
}

func TestFileIsWholeFromTheStart(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f.pcap")
	w, err := Create(name, FileHeader{LinkType: LinuxSLL2, Snaplen: 96})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := readFile(t, name); err != io.EOF || len(got) != 0 {
		t.Errorf("at first %d packets, %v", len(got), err)
	}
	if err := w.Write(&Packet{LinkType: LinuxSLL2, Data: []byte("abc"), Length: 9}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := readFile(t, name); err != io.EOF || len(got) != 1 || got[0].Length != 9 {
		t.Errorf("at last %+v, %v", got, err)
	}
	if w, err = Append(name, w.header); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.WriteNow(&Packet{LinkType: LinuxSLL2, Data: []byte("de"), Length: 2}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := readFile(t, name); err != io.EOF || len(got) != 3 || got[2].Length != 2 {
		t.Errorf("added to %+v, %v", got, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(filepath.Join(name, "f"), FileHeader{}); err == nil {
		t.Error("made a file in a file")
	}
}
