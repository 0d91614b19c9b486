//go:build !linux

package capture

import (
	"errors"
	"fmt"
	"runtime"
)

// DropPrivileges returns an error in which errors.Is finds
// errors.ErrUnsupported.
func DropPrivileges(string) error {
	return fmt.Errorf("cannot change the user on %s: %w", runtime.GOOS, errors.ErrUnsupported)
}
