package evidence

import (
	"cmp"
	"context"
	"errors"
	"io"

	"chatlab/sniffer/capture"
)

// Unreadable says why a capture file cannot be checked.
type Unreadable struct {
	File  string
	Fault Fault
	Whole int // packets before the fault
	Err   error
}

// Fault is what is wrong with a file.
type Fault string

// The faults. With the last three there may be packets before.
const (
	Empty    Fault = "empty"    // no byte
	Foreign  Fault = "foreign"  // no capture file
	Cut      Fault = "cut"      // it ends inside a header or packet
	Trailing Fault = "trailing" // it goes on behind the end of its compressed data
	Broken   Fault = "broken"   // anything else
)

func (e *Unreadable) Error() string { return e.File + ": " + e.Err.Error() }

func (e *Unreadable) Unwrap() error { return e.Err }

// maxUnpacked bounds how many bytes are unpacked of a compressed file: a few kilobytes
// may stand for any number of them, and an hour of a room's chat has some megabytes.
const maxUnpacked = 256 << 20

// File reads a capture file, pcap or pcapng, compressed or not. Where it cannot be
// read to its end the error is an *Unreadable, and the capture is what came
// before, or nil where that is nothing to speak of. port is the chat server's; 0:
// scenario.ServerPort.
func File(ctx context.Context, r io.Reader, name string, port uint16) (*Capture, error) {
	file := &fallible{r: r}
	source, err := capture.NewBounded(file, maxUnpacked)
	inside := err == nil // behind the file's header
	c := Capture{Port: port}
	if inside {
		if err = c.read(ctx, source); err == nil {
			return &c, nil
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c.Fault = fault(err, inside)
	e := &Unreadable{File: name, Fault: c.Fault, Whole: c.Total, Err: err}
	if !inside || c.Fault == Broken && c.Total == 0 || file.err != nil {
		return nil, e
	}
	return &c, e
}

// read takes packets until there is none, or ctx is done.
func (c *Capture) read(ctx context.Context, source capture.Source) error {
	for p, err := range capture.All(source) {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		c.Add(p)
	}
	return nil
}

// fallible keeps the error that ended its reading if it was the system's.
type fallible struct {
	r   io.Reader
	err error
}

func (f *fallible) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// fault tells what err means. inside: the file header was whole.
func fault(err error, inside bool) Fault {
	const magic = 4 // bytes that tell pcap and pcapng from other files
	var cut *capture.TruncatedError
	unknown := errors.As(err, &cut) && !inside && cut.Want == magic && !cut.NG && !cut.Packed
	switch {
	case unknown && cut.Got == 0:
		return Empty
	case unknown, errors.Is(err, capture.ErrFormat), !inside && errors.Is(err, capture.ErrTrailing):
		return Foreign
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Cut
	case errors.Is(err, capture.ErrTrailing):
		return Trailing
	}
	return Broken
}
