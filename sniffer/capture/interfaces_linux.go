package capture

import (
	"net"
	"os"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Interfaces lists what can be captured on, in the order and with the numbers of
// tcpdump -D: the network interfaces and "any". It needs no privilege.
func Interfaces() ([]Interface, error) {
	found, err := net.Interfaces()
	if err != nil {
		return nil, texts.Error("interface.list", "why", err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, texts.Error("interface.list", "why", err)
	}
	defer unix.Close(fd)
	var list []Interface
	for _, f := range found {
		i := Interface{
			Name:     f.Name,
			Index:    f.Index,
			Up:       f.Flags&net.FlagUp != 0,
			Running:  f.Flags&net.FlagRunning != 0,
			Loopback: f.Flags&net.FlagLoopback != 0,
		}
		_, err := os.Stat("/sys/class/net/" + f.Name + "/wireless")
		i.Wireless = err == nil
		i.Connection = connection(fd, &i)
		list = append(list, i)
	}
	list = append(list, Interface{
		Name:        "any",
		Description: "Pseudo-device that captures on all interfaces",
		Up:          true,
		Running:     true,
		Connection:  ConnectionNotApplicable,
	})
	slices.SortStableFunc(list, func(a, b Interface) int { return a.merit() - b.merit() })
	return list, nil
}

// connection asks the driver (ETHTOOL_GLINK), as libpcap does.
func connection(fd int, i *Interface) Connection {
	if i.Loopback {
		return ConnectionNotApplicable
	}
	// struct ethtool_value, and struct ifreq with a pointer to it.
	value := struct{ cmd, data uint32 }{cmd: unix.ETHTOOL_GLINK}
	req := struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [24 - unsafe.Sizeof(uintptr(0))]byte
	}{data: unsafe.Pointer(&value)}
	copy(req.name[:unix.IFNAMSIZ-1], i.Name)
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&req)))
	switch {
	case errno == unix.EOPNOTSUPP || errno == unix.EINVAL:
		return ConnectionNotApplicable // no such thing here
	case errno != 0:
		return ConnectionUnknown
	case value.data != 0:
		return Connected
	}
	return Disconnected
}
