package stage

import (
	"net"
	"strconv"
)

// ListenHost listens on a port of this machine: on one address, or with an empty
// host on every interface. If the port is in use the error is a *PortInUse.
func ListenHost(host string, port uint16) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if addressInUse(err) {
		return nil, portInUse(port, err)
	}
	return l, err
}
