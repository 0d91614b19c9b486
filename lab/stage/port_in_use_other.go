//go:build !unix

package stage

import (
	"errors"
	"syscall"
)

// addressInUse reports whether err says that a port is in use: WSAEADDRINUSE of
// winsock2.h, which package syscall has no name for.
func addressInUse(err error) bool { return errors.Is(err, syscall.Errno(10048)) }
