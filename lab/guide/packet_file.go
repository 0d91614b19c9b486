package guide

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"chatlab/sniffer/capture"
)

// packetFile is a pcap file that is whole after each packet that is added.
type packetFile struct {
	f *os.File // what w writes to
	w *capture.Writer
}

// createPacketFile makes the file anew with the packets of before in it: one that
// was cut off in the middle of a record could not be added to.
func createPacketFile(name string, packets []capture.Packet) (*packetFile, error) {
	f, err := os.Create(name + ".tmp")
	if err != nil {
		return nil, err
	}
	file := &packetFile{f: f}
	file.w, err = capture.NewWriter(file, capture.FileHeader{LinkType: capture.Raw})
	for i := range packets {
		if err == nil {
			err = file.w.Write(&packets[i])
		}
	}
	if err == nil {
		err = file.w.Flush()
	}
	// Windows renames no open file.
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(name+".tmp", name)
	}
	if err == nil {
		file.f, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (f *packetFile) Write(b []byte) (int, error) { return f.f.Write(b) }

func (f *packetFile) add(p *capture.Packet) error {
	if err := f.w.Write(p); err != nil {
		return err
	}
	return f.w.Flush()
}

func (f *packetFile) close() error { return f.f.Close() }

// readPackets reads what was kept. A file that is cut off gives what is whole.
func readPackets(name string) ([]capture.Packet, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		return nil, &corruptError{name, err}
	}
	var packets []capture.Packet
	for len(packets) < maxRecords {
		var p capture.Packet
		err := r.Read(&p)
		if err != nil {
			break // at the end, or cut off: what is whole serves
		}
		p.Data = bytes.Clone(p.Data)
		packets = append(packets, p)
	}
	return packets, nil
}
