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

// The faults. With the last three there may be packets before.
const (
	Empty    Fault = "empty"    // no byte
	Foreign  Fault = "foreign"  // no capture file
	Cut      Fault = "cut"      // it ends inside a header or packet
	Trailing Fault = "trailing" // it goes on behind the end of its compressed data
	Broken   Fault = "broken"   // anything else
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
// the report, if there is one, is of what came before and says so.
func File(r io.Reader, name string, o Options) (*Report, error) {
	file := &fallible{r: r}
	source, err := capture.NewReader(file)
	var report *Report
	if err == nil {
		if report, err = Read(source, o); err == nil {
			return report, nil
		}
	}
	e := &Unreadable{File: name, Fault: fault(err, report != nil), Err: err}
	if report == nil || e.Fault == Broken && report.Total == 0 || file.err != nil {
		return nil, e
	}
	e.Whole = report.Total
	report.endsEarly(e.Fault)
	return report, e
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
	unknown := errors.As(err, &cut) && !inside && cut.Want == magic && !cut.NG && !cut.Gzip
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
