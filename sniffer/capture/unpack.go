package capture

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// maxWindow bounds what of unpacked data a zstd file may refer back to, in bytes:
// more than any level of compression below --ultra asks for.
const maxWindow = 32 << 20

// A packing is a format that a capture file may be compressed with: those of
// Wireshark's Save As. A file may hold several streams of it, one behind the other
// (RFC 1952 §2.2, RFC 8878 §3, LZ4 Frame Format); behind the last one its reader
// returns io.EOF, or ErrTrailing if there are bytes that begin no further one. Of a
// file that is cut off it gives what can be unpacked, then io.ErrUnexpectedEOF.
type packing struct {
	magic  string
	unpack func(io.Reader) (io.Reader, error)
}

var packings = []packing{
	{gzipMagic, newGunzip},
	{"\x28\xb5\x2f\xfd", func(r io.Reader) (io.Reader, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		return streams{z, zstd.ErrMagicMismatch}, err
	}},
	{"\x04\x22\x4d\x18", func(r io.Reader) (io.Reader, error) { return streams{lz4.NewReader(r), lz4.ErrInvalidFrame}, nil }},
}

// packed gives the packing of a file that begins with b, or nil.
func packed(b []byte) *packing {
	for i := range packings {
		if bytes.HasPrefix(b, []byte(packings[i].magic)) {
			return &packings[i]
		}
	}
	return nil
}

// streams is a reader that goes on with a further stream by itself, and says foreign
// where none begins.
type streams struct {
	io.Reader
	foreign error
}

func (s streams) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if errors.Is(err, s.foreign) {
		err = ErrTrailing
	}
	return n, err
}

// bounded gives up once so many bytes are read.
type bounded struct {
	io.Reader
	most int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.most <= 0 {
		return 0, ErrUnpacked
	}
	n, err := b.Reader.Read(p[:min(int64(len(p)), b.most)])
	b.most -= int64(n)
	return n, err
}
