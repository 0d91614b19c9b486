package capture

import (
	"errors"
	"io/fs"
	"strconv"

	"golang.org/x/sys/unix"
)

// Interfaces are asked for through the packet socket itself (netdevice(7)), so
// that the answers are those of its network namespace, not of this process's.

func findIface(fd int, name string) (iface, error) {
	i, err := ifaceByName(fd, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return i, err
	}
	if n, aerr := strconv.Atoi(name); aerr == nil && n > 0 {
		if found, ierr := ifaceName(fd, n); ierr == nil {
			return ifaceByName(fd, found)
		}
	}
	return i, err
}

func ifaceByName(fd int, name string) (iface, error) {
	req, err := unix.NewIfreq(name)
	if err != nil { // too long for an interface's name
		return iface{}, noSuchInterface(name)
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, req); err != nil {
		if err == unix.ENODEV || err == unix.ENXIO {
			return iface{}, noSuchInterface(name)
		}
		return iface{}, failed(name, "SIOCGIFINDEX", err)
	}
	i := iface{name: name, index: int(req.Uint32())}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFHWADDR, req); err != nil {
		return iface{}, failed(name, "SIOCGIFHWADDR", err)
	}
	i.arphrd = req.Uint16()
	return i, nil
}

func ifaceName(fd, index int) (string, error) {
	// The index lies where the union begins, behind an empty name.
	req, err := unix.NewIfreq("-")
	if err != nil {
		return "", err
	}
	req.SetUint32(uint32(index))
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFNAME, req); err != nil {
		return "", err
	}
	return req.Name(), nil
}

func noSuchInterface(name string) error {
	return about("interface.none", name, fs.ErrNotExist)
}

// linkTypeOf maps the kernel's hardware types to link types as far as libpcap
// reads the interface's own headers for them (pcap-linux.c, map_arphrd_to_dlt);
// what is not here is captured cooked, as LINUX_SLL.
func linkTypeOf(arphrd uint16) LinkType {
	switch arphrd {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		return Ethernet
	case unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT, unix.ARPHRD_RAWIP, unix.ARPHRD_NONE:
		return Raw
	}
	return LinuxSLL
}
