package guide

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"chatlab/sniffer/capture"
)

// keeper writes packets to a pcap file that is whole after each of them.
type keeper struct {
	f *os.File // what w writes to
	w *capture.Writer
}

func (k *keeper) Write(b []byte) (int, error) { return k.f.Write(b) }

// keep makes the file anew with the packets of before in it: one that was cut
// off in the middle of a record could not be added to.
func keep(name string, packets []capture.Packet) (*keeper, error) {
	f, err := os.Create(name + ".tmp")
	if err != nil {
		return nil, err
	}
	k := &keeper{f: f}
	k.w, err = capture.NewWriter(k, capture.FileHeader{LinkType: capture.Raw})
	for i := range packets {
		if err == nil {
			err = k.w.Write(&packets[i])
		}
	}
	if err == nil {
		err = k.w.Flush()
	}
	// Windows renames no open file.
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(name+".tmp", name)
	}
	if err == nil {
		k.f, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	}
	if err != nil {
		return nil, err
	}
	return k, nil
}

func (k *keeper) add(p *capture.Packet) error {
	if err := k.w.Write(p); err != nil {
		return err
	}
	return k.w.Flush()
}

func (k *keeper) close() error { return k.f.Close() }

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
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			break // cut off: what is whole serves
		}
		p.Data = append([]byte(nil), p.Data...)
		packets = append(packets, p)
	}
	return packets, nil
}

// writePackets writes all of a lesson's packets to f and closes it.
func writePackets(f *os.File, l *Lesson) error {
	w, err := capture.NewWriter(f, capture.FileHeader{LinkType: capture.Raw})
	for i := range l.trace.records {
		if err == nil {
			err = w.Write(l.Record(i).Packet)
		}
	}
	if err == nil {
		err = w.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
