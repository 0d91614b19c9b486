package stage

import (
	"fmt"
	"net"
	"strconv"
)

// ListenHost listens on a port of this machine: on one address, or with an empty
// host on every interface. Where the port is taken the error is a *Taken.
func ListenHost(host string, port uint16) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if addressInUse(err) {
		return nil, &Taken{Port: port, Holder: holder(port), Err: err}
	}
	return l, err
}

// Taken says that a port of this machine is in use.
type Taken struct {
	Port   uint16
	Holder string // the process that has it, or "" if that cannot be seen
	Err    error
}

func (e *Taken) Error() string {
	s := fmt.Sprintf("port %d of this machine is in use", e.Port)
	if e.Holder != "" {
		s += " by " + e.Holder
	}
	return s
}

func (e *Taken) Unwrap() error { return e.Err }
