package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// givePrivilegesUp becomes the user of -Z, or the one who ran sudo; a root who
// is nobody else loses all capabilities. The socket and the files are open by
// then.
func (c *config) givePrivilegesUp(live bool) error {
	if os.Geteuid() != 0 {
		if c.user != "" && os.Getuid() != 0 {
			return nil
		}
		return dropCapabilities(live)
	}
	name := c.user
	if name == "" {
		if !live {
			return nil
		}
		if name = os.Getenv("SUDO_USER"); name == "" || name == "root" {
			return dropCapabilities(live)
		}
	}
	u, err := user.Lookup(name)
	if err != nil {
		return fmt.Errorf("couldn't find user '%.32s'", name)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err1 != nil || err2 != nil {
		return fmt.Errorf("user '%.32s' has no number", name)
	}
	for _, step := range []func() error{
		func() error { return syscall.Setgroups([]int{gid}) },
		func() error { return syscall.Setgid(gid) },
		func() error { return syscall.Setuid(uid) },
	} {
		if err := step(); err != nil {
			return hint("in a user namespace there may be nobody else to become: leave -Z out",
				"couldn't change to '%.32s' uid=%d gid=%d: %w", name, uid, gid, err)
		}
	}
	return nil
}

// dropCapabilities gives up every capability on every thread.
func dropCapabilities(live bool) error {
	if !live {
		return nil
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none)), 0)
	if errno != 0 && errno != syscall.ENOTSUP {
		return fmt.Errorf("giving privileges up: %w", errno)
	}
	return nil
}
