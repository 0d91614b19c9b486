//go:build !linux

package capture

// DropPrivileges returns an error in which errors.Is finds
// errors.ErrUnsupported.
func DropPrivileges(string) error {
	return unsupported("system.user")
}
