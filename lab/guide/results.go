package guide

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"chatlab/sniffer/capture"
)

// finish saves the results, by the student's name if there is one, and tells their
// names.
func (d *driver) finish() error {
	dir, name := d.Results, cmp.Or(d.Task.Student, "chatlab-guide")
	file, err := createNew(dir, name, ".pcap")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || isReadOnly(err) {
		dir = d.Store.Dir
		file, err = createNew(dir, name, ".pcap")
	}
	if err != nil {
		return err
	}
	if err := writePackets(file, d.lesson); err != nil {
		return err
	}
	d.tell("end.pcap", "file", file.Name(), "packets", d.lesson.Packets())
	page, err := createNew(dir, name, ".html")
	if err != nil {
		return err
	}
	err = d.lesson.Report(page, ReportOptions{Stage: d.Stage.Name(), Time: d.Now()})
	if e := page.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	d.tell("end.report", "file", page.Name())
	// What was kept to go on with is in the results now.
	for _, file := range []string{d.Store.StateFile(), d.Store.PacketFile()} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return d.Screen.err
}

// createNew creates a file that was not there before: name.ext, name-2.ext, …
func createNew(dir, name, ext string) (*os.File, error) {
	for n := 1; ; n++ {
		file := filepath.Join(dir, name+ext)
		if n > 1 {
			file = filepath.Join(dir, fmt.Sprintf("%s-%d%s", name, n, ext))
		}
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return f, err
	}
}

// writePackets writes all of a lesson's packets to f and closes it.
func writePackets(f *os.File, l *Lesson) error {
	packets := make([]capture.Packet, l.Packets())
	for i := range packets {
		packets[i] = *l.Record(i).Packet
	}
	err := capture.WriteAll(f, capture.FileHeader{LinkType: capture.Raw}, packets)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
