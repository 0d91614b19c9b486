package capture

import (
	"errors"
	"fmt"
	"io"
)

// ErrFormat says that what was read is neither pcap nor pcapng. The words are
// libpcap's.
var ErrFormat = errors.New("unknown file format")

// ErrTrailing says that a compressed file goes on behind the end of its gzip
// data. The packets before it are whole, and have been delivered.
var ErrTrailing = errors.New("bytes after the end of the gzip data")

// TruncatedError says that a capture file ends inside a header or a packet.
// What was whole before it has been delivered. errors.Is finds
// io.ErrUnexpectedEOF in it.
type TruncatedError struct {
	What string // "file header", "header", "captured", or a part of a pcapng block
	Want int    // bytes that should have been there
	Got  int    // bytes that were
	NG   bool   // the file is pcapng, for which libpcap has other words
	Gzip bool   // the file is compressed; Want and Got count what it holds
}

// Error uses libpcap's words (sf-pcap.c, sf-pcapng.c).
func (e *TruncatedError) Error() string {
	if e.NG {
		return fmt.Sprintf("truncated pcapng dump file; tried to read %d bytes, only got %d", e.Want, e.Got)
	}
	return fmt.Sprintf("truncated dump file; tried to read %d %s bytes, only got %d", e.Want, e.What, e.Got)
}

// Unwrap returns io.ErrUnexpectedEOF.
func (e *TruncatedError) Unwrap() error { return io.ErrUnexpectedEOF }
