package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/capture"
)

// givePrivilegesUp becomes the user of -Z, or the one who ran sudo; a root who
// is nobody else loses all capabilities. The socket and the files are open by
// then.
func (c *config) givePrivilegesUp(live bool) error {
	root := os.Geteuid() == 0
	name := c.user
	if name == "" && live && root {
		if name = os.Getenv("SUDO_USER"); name == "root" {
			name = ""
		}
	}
	if name != "" && root {
		if err := capture.DropPrivileges(name); err != nil {
			return hinted{err, "leave -Z out where there is nobody else to become, as in most user namespaces"}
		}
		return nil
	}
	if live {
		return dropCapabilities()
	}
	return nil
}

// dropCapabilities gives up every capability on every thread.
func dropCapabilities() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none)), 0)
	if errno != 0 && errno != syscall.ENOTSUP { // ENOTSUP: a build with cgo cannot
		return fmt.Errorf("giving privileges up: %w", errno)
	}
	return nil
}
