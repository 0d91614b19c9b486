//go:build !linux

package stage

import "runtime"

func openHost() (Stage, error) {
	return nil, notLinux(Host)
}

func openNamespace() (Stage, error) {
	return nil, notLinux(Namespace)
}

func notLinux(stage string) error {
	return unavailable(stage, texts.Error("not-linux", "system", runtime.GOOS), texts.Message("hint.userspace"))
}

// Broker reports whether this process was started to serve a namespace stage, and
// serves it. Only Linux has such a stage.
func Broker([]string) bool { return false }
