package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	pcap "chatlab/sniffer/capture"
)

func openKeep(t *testing.T, dir string) *Keep {
	t.Helper()
	k, err := OpenKeep(dir, time.Unix(1_800_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

var aPacket = pcap.Packet{LinkType: pcap.Ethernet, Length: 60, Data: make([]byte, 60)}

// The teacher's page counts what is lost while students' first packets come, and neither
// waits for the other for ever.
func TestDroppedIsCountedWhileCapturesBegin(t *testing.T) {
	k := openKeep(t, t.TempDir())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := range 300 {
			k.capture(fmt.Sprintf("%d.pcap", i), maxOfSeat).write(&aPacket)
		}
	}()
	for {
		select {
		case <-ended:
			return
		default:
			k.Dropped()
		}
	}
}

// What students hand in and say is nothing for other users of the teacher's machine.
func TestKeptForTheTeacherAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no such permissions there")
	}
	dir := filepath.Join(t.TempDir(), "results")
	k := openKeep(t, dir)
	k.whole.write(&aPacket)
	f, _, err := k.next("zoe", ".pcap")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	filepath.WalkDir(dir, func(path string, e fs.DirEntry, _ error) error {
		info, err := os.Lstat(path)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
		return nil
	})
}

// A file that cannot be put on the list is not there.
func TestFileThatIsNotListed(t *testing.T) {
	dir := t.TempDir()
	k := openKeep(t, dir)
	k.list.Close()
	if f, _, err := k.next("zoe", ".pcap"); err == nil {
		f.Close()
		t.Error("it is made")
	}
	if _, err := os.Stat(filepath.Join(dir, "zoe", "zoe-1.pcap")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left: %v", err)
	}
}

// Where a disk fails, what is lost is counted and what was written can be read; what comes
// when it has room again is kept.
func TestCaptureOutlivesAFullDisk(t *testing.T) {
	dir := t.TempDir()
	k := openKeep(t, dir)
	file := filepath.Join(dir, filepath.FromSlash(k.whole.name))
	packets := func() (n int) {
		t.Helper()
		f, err := k.whole.open()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		source, err := pcap.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range pcap.All(source) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	first := 3 * (64 << 10) / len(aPacket.Data) / 2 // written in two
	for range first {
		k.whole.write(&aPacket)
	}
	if n := packets(); n != first {
		t.Fatalf("%d packets", n)
	}
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	many := 2 * (64 << 10) / len(aPacket.Data)
	for range many {
		k.whole.write(&aPacket)
	}
	k.whole.flush()
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if n, lost := packets(), k.Dropped(); n != first || lost != many {
		t.Errorf("%d packets are kept and %d lost, of %d", n, lost, many+first)
	}
	k.whole.write(&aPacket)
	if n, lost := packets(), k.Dropped(); n != first+1 || lost != many {
		t.Errorf("afterwards %d packets are kept and %d lost", n, lost)
	}
}
