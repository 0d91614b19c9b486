package capture

import (
	"encoding/binary"
	"io"
)

// A Writer writes a pcap file as tcpdump does: version 2.4, this machine's byte
// order. What reaches the underlying writer is always whole records, several in
// one Write, so that a program that is stopped between two Writes leaves a file
// that can be read to its end.
type Writer struct {
	w      io.Writer
	header FileHeader
	buf    []byte
	err    error
}

// writerBuffer is how much is gathered before it is written.
const writerBuffer = 64 << 10

// NewWriter writes the file header to w at once and returns a Writer for the
// packets. Call Flush at the end.
func NewWriter(w io.Writer, h FileHeader) (*Writer, error) {
	if h.Snaplen <= 0 {
		h.Snaplen = MaxSnaplen
	}
	var b [pcapFileHeaderLen]byte
	o := binary.NativeEndian
	magic := uint32(magicMicro)
	if h.Nanoseconds {
		magic = magicNano
	}
	o.PutUint32(b[0:], magic)
	o.PutUint16(b[4:], 2)
	o.PutUint16(b[6:], 4)
	o.PutUint32(b[16:], uint32(h.Snaplen))
	o.PutUint32(b[20:], uint32(h.LinkType)|h.LinkTypeExt)
	if _, err := w.Write(b[:]); err != nil {
		return nil, err
	}
	return &Writer{w: w, header: h, buf: make([]byte, 0, writerBuffer)}, nil
}

// Write adds one packet. The file keeps p.Time to its own resolution, cut and
// not rounded. A packet of another link type than the file's is an error: the
// file could not tell.
func (w *Writer) Write(p *Packet) error {
	if w.err != nil {
		return w.err
	}
	if p.LinkType != w.header.LinkType {
		return texts.Error("file.mixed", "link", p.LinkType, "file", w.header.LinkType)
	}
	sec, frac := p.Fields()
	if !w.header.Nanoseconds {
		frac /= 1000
	}
	if len(w.buf)+pcapRecordLen+len(p.Data) > writerBuffer {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	o := binary.NativeEndian
	w.buf = o.AppendUint32(w.buf, uint32(sec))
	w.buf = o.AppendUint32(w.buf, uint32(frac))
	w.buf = o.AppendUint32(w.buf, uint32(len(p.Data)))
	w.buf = o.AppendUint32(w.buf, uint32(p.Length))
	w.buf = append(w.buf, p.Data...)
	return nil
}

// WriteNow is Write and Flush.
func (w *Writer) WriteNow(p *Packet) error {
	if err := w.Write(p); err != nil {
		return err
	}
	return w.Flush()
}

// Flush writes what has been gathered. An error stays: after a write that went
// wrong, nothing more is written.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.buf) == 0 {
		return w.err
	}
	_, w.err = w.w.Write(w.buf)
	w.buf = w.buf[:0]
	return w.err
}

// WriteAll writes a whole file to w: the header, then packets.
func WriteAll(w io.Writer, h FileHeader, packets []Packet) error {
	out, err := NewWriter(w, h)
	if err != nil {
		return err
	}
	for i := range packets {
		if err := out.Write(&packets[i]); err != nil {
			return err
		}
	}
	return out.Flush()
}
