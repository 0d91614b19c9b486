//go:build !linux

package capture

// Interfaces returns an error in which errors.Is finds errors.ErrUnsupported.
func Interfaces() ([]Interface, error) {
	return nil, unsupported("system.capture")
}
