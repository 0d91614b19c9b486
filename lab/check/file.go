package check

import (
	"errors"
	"fmt"
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

// The faults.
const (
	Empty   Fault = "empty"   // no byte
	Foreign Fault = "foreign" // no capture file
	Cut     Fault = "cut"     // it ends inside a header or packet
	Broken  Fault = "broken"  // anything else
)

func (e *Unreadable) Error() string {
	switch e.Fault {
	case Empty:
		return e.File + ": the file is empty"
	case Foreign:
		return e.File + ": neither pcap nor pcapng"
	case Cut:
		return fmt.Sprintf("%s: cut off after %d whole packets: %v", e.File, e.Whole, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.File, e.Err)
}

func (e *Unreadable) Unwrap() error { return e.Err }

// File checks a capture file, pcap or pcapng, compressed or not, that is read
// from r. Where it cannot be read to its end the error is an *Unreadable, and
// the report, if there is one, is of what came before.
func File(r io.Reader, name string, o Options) (*Report, error) {
	return FileThrough(r, name, o, func(s capture.Source) capture.Source { return s })
}

// FileThrough is File with a look at the packets on their way: what it checks
// is what through makes of the file's source.
func FileThrough(r io.Reader, name string, o Options, through func(capture.Source) capture.Source) (*Report, error) {
	first := &firstByte{r: r}
	source, err := capture.NewReader(first)
	var report *Report
	if err == nil {
		if report, err = Read(through(source), o); err == nil {
			return report, nil
		}
	}
	e := &Unreadable{File: name, Fault: Broken, Err: err}
	if report != nil {
		e.Whole = report.Total
	}
	var cut *capture.TruncatedError
	switch {
	case !first.seen && errors.As(err, &cut):
		e.Fault = Empty
	case errors.Is(err, capture.ErrFormat), report == nil && errors.As(err, &cut) && cut.Want == 4:
		e.Fault = Foreign
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Fault = Cut
	}
	return report, e
}

// firstByte notes whether there was any.
type firstByte struct {
	r    io.Reader
	seen bool
}

func (f *firstByte) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	f.seen = f.seen || n > 0
	return n, err
}
