package stage

import "golang.org/x/sys/unix"

// openHost opens the machine's own loopback.
func openHost() (Stage, error) { return &kernelStage{name: Host, socket: unix.Socket}, nil }
