//go:build unix

package stage

import (
	"errors"
	"syscall"
)

// addressInUse tells whether err says that a port is taken.
func addressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
