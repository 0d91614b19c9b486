//go:build !linux

package stage

import (
	"errors"
	"runtime"
)

var errNotLinux = errors.New("not on " + runtime.GOOS)

func openHost() (Stage, error) {
	return nil, &Unavailable{Host, errNotLinux, "hint.userspace"}
}

func openNamespace() (Stage, error) {
	return nil, &Unavailable{Namespace, errNotLinux, "hint.userspace"}
}

// Broker reports whether this process was started to serve a namespace stage, and
// serves it. Only Linux has such a stage.
func Broker([]string) bool { return false }

// listeningProcess names the process that listens on a port, on Linux only.
func listeningProcess(uint16) string { return "" }
