//go:build !linux

package capture

import (
	"errors"
	"runtime"
)

// Live is a capture on a network interface. Only Linux has it.
type Live struct{}

// Open returns an error in which errors.Is finds errors.ErrUnsupported, and
// which says what to do instead.
func Open(Options) (*Live, error) {
	return nil, unsupported("system.capture")
}

// Read returns errors.ErrUnsupported.
func (*Live) Read(*Packet) error { return errors.ErrUnsupported }

// ReadBatch returns errors.ErrUnsupported.
func (*Live) ReadBatch(*Batch) error { return errors.ErrUnsupported }

// LinkType returns Ethernet.
func (*Live) LinkType() LinkType { return Ethernet }

// Snaplen returns MaxSnaplen.
func (*Live) Snaplen() int { return MaxSnaplen }

// Stats returns zeros.
func (*Live) Stats() Stats { return Stats{} }

// Stop does nothing.
func (*Live) Stop() error { return nil }

// Close does nothing.
func (*Live) Close() error { return nil }

// unsupported says what this system has not.
func unsupported(key string) error {
	e := texts.Error(key, "system", runtime.GOOS)
	e.Err = errors.ErrUnsupported
	return e
}
