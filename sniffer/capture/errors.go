package capture

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"strings"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has the words of the errors. Their English is libpcap's.
var texts = catalogue.Must(embedded, "texts")

// ErrFormat says that what was read is neither pcap nor pcapng.
var ErrFormat error = texts.Error("file.format")

// ErrTrailing says that a compressed file goes on behind the end of its
// compressed data. The packets before it are whole, and have been delivered.
var ErrTrailing error = texts.Error("file.trailing")

// ErrUnpacked says that a compressed file holds more than is unpacked of it.
var ErrUnpacked error = texts.Error("file.unpacked").WithHint(texts.Message("unpack"))

// TruncatedError says that a capture file ends inside a header or a packet.
// What was whole before it has been delivered. errors.Is finds
// io.ErrUnexpectedEOF in it.
type TruncatedError struct {
	What   string // "file header", "header", "captured", or a part of a pcapng block
	Want   int    // bytes that should have been there
	Got    int    // bytes that were
	NG     bool   // the file is pcapng, for which libpcap has other words
	Packed bool   // the file is compressed; Want and Got count what it holds
}

// Error uses libpcap's words (sf-pcap.c, sf-pcapng.c).
func (e *TruncatedError) Error() string { return e.Message().In(catalogue.English) }

// Message says it.
func (e *TruncatedError) Message() catalogue.Message {
	if e.NG {
		return texts.Message("file.cut-ng", "want", e.Want, "got", e.Got)
	}
	part := texts.Message("part." + strings.ReplaceAll(e.What, " ", "-"))
	return texts.Message("file.cut", "want", e.Want, "what", part, "got", e.Got)
}

// Unwrap returns io.ErrUnexpectedEOF.
func (e *TruncatedError) Unwrap() error { return io.ErrUnexpectedEOF }

// unreadable says why reading ended, without the file's name: who opened it tells
// that.
func unreadable(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return texts.Error("file.read", "why", err)
}

// failed says which system call on an interface has failed, by its name or that
// of its option.
func failed(name, call string, err error) error {
	return texts.Error("interface.call", "interface", name, "call", call, "why", err)
}

// about says something of an interface. errors.Is finds err in it.
func about(key, name string, err error) error {
	e := texts.Error(key, "interface", name)
	e.Err = err
	return e
}
