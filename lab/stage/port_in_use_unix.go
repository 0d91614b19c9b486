//go:build unix

package stage

import (
	"errors"
	"syscall"
)

// addressInUse reports whether err says that a port is in use.
func addressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
