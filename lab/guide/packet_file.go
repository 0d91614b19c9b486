package guide

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"chatlab/sniffer/capture"
)

// createPacketFile makes the file anew with the packets of before in it: one that
// was cut off in the middle of a record could not be added to.
func createPacketFile(name string, packets []capture.Packet) (*capture.FileWriter, error) {
	header := capture.FileHeader{LinkType: capture.Raw}
	f, err := os.Create(name + ".tmp")
	if err != nil {
		return nil, err
	}
	err = capture.WriteAll(f, header, packets)
	// Windows renames no open file.
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(name+".tmp", name)
	}
	if err != nil {
		return nil, err
	}
	return capture.Append(name, header)
}

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
