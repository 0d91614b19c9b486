//go:build !linux

package capture

import (
	"errors"
	"fmt"
	"runtime"
)

// Interfaces returns an error in which errors.Is finds errors.ErrUnsupported.
func Interfaces() ([]Interface, error) {
	return nil, fmt.Errorf("no live capture on %s, so no interfaces: tcpdump -D lists them: %w", runtime.GOOS, errors.ErrUnsupported)
}
