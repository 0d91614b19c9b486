package main

import (
	"os"

	"chatlab/sniffer/capture"
)

// pcapFile is a pcap file that is being written. After each packet the file is
// whole, so that an interrupted run leaves one that can be read.
type pcapFile struct {
	f *os.File
	w *capture.Writer
	n int
}

func createFile(name string, link capture.LinkType) (*pcapFile, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	w, err := capture.NewWriter(f, capture.FileHeader{LinkType: link})
	if err != nil {
		f.Close()
		return nil, err
	}
	return &pcapFile{f: f, w: w}, nil
}

func (p *pcapFile) add(packet *capture.Packet) error {
	if err := p.w.Write(packet); err != nil {
		return err
	}
	p.n++
	return p.w.Flush()
}

func (p *pcapFile) close() error { return p.f.Close() }

// writeFile writes packets to a new pcap file.
func writeFile(name string, packets []capture.Packet) error {
	file, err := createFile(name, packets[0].LinkType)
	if err != nil {
		return err
	}
	for i := range packets {
		if err := file.add(&packets[i]); err != nil {
			file.close()
			return err
		}
	}
	return file.close()
}
