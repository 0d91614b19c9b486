package stage

import (
	"fmt"
	"net"
	"strconv"
)

// ListenHost listens on a port of this machine: on one address, or with an empty
// host on every interface. If the port is in use the error is a *PortInUse.
func ListenHost(host string, port uint16) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if addressInUse(err) {
		return nil, &PortInUse{Port: port, Process: listeningProcess(port), Err: err}
	}
	return l, err
}

// PortInUse says that a port of this machine is in use.
type PortInUse struct {
	Port    uint16
	Process string // that listens on it, or "" if that cannot be seen
	Err     error
}

func (e *PortInUse) Error() string {
	s := fmt.Sprintf("port %d of this machine is in use", e.Port)
	if e.Process != "" {
		s += " by " + e.Process
	}
	return s
}

func (e *PortInUse) Unwrap() error { return e.Err }
