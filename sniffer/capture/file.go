package capture

import (
	"io"
	"os"
)

// A FileWriter writes a pcap file on disk that is whole at every moment: after
// Ctrl-C, a kill, or a full disk, it ends behind a packet, never inside one.
type FileWriter struct {
	*Writer
	file *os.File
}

// Create makes the file, or empties it, and writes the file header. Close it to
// write what is still gathered.
func Create(name string, h FileHeader) (*FileWriter, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(&wholeWrites{file: f}, h)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &FileWriter{Writer: w, file: f}, nil
}

// Append opens a file that Create or WriteAll made, to add packets to it. h is
// what its header says.
func Append(name string, h FileHeader) (*FileWriter, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return &FileWriter{Writer: &Writer{w: &wholeWrites{file: f, size: info.Size()}, header: h}, file: f}, nil
}

// Close writes what is gathered and closes the file.
func (w *FileWriter) Close() error {
	err := w.Flush()
	if cerr := w.file.Close(); err == nil {
		err = cerr
	}
	return err
}

// wholeWrites takes back a Write that was not done to its end.
type wholeWrites struct {
	file interface {
		io.Writer
		Truncate(size int64) error
	}
	size int64
}

func (w *wholeWrites) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	if err != nil && n > 0 {
		// A pipe cannot take anything back; the first error tells more.
		_ = w.file.Truncate(w.size)
		return 0, err
	}
	w.size += int64(n)
	return n, err
}
