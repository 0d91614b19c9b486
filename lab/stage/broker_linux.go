package stage

import (
	"encoding/binary"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// brokerFD is the connection with the process that started the broker
// (exec.Cmd.ExtraFiles).
const brokerFD = 3

// sysctls make the TCP of 2014, as far as a kernel of today can be told to have
// it.
var sysctls = []struct{ path, value string }{
	// wscale 7 and a first window of 32768.
	{"/proc/sys/net/ipv4/tcp_rmem", "4096 65536 6291456"},
	{"/proc/sys/net/ipv4/tcp_adv_win_scale", "1"},
}

// preparing is a setting without which no connection can be prepared (leaveTimeWait):
// timestamps come from the clock alone, without an offset of their own for each
// connection. Otherwise a new connection's may look older than those of the last one on
// the same ports, and it is not let in (PAWS, RFC 7323 §5).
const preparing = "/proc/sys/net/ipv4/tcp_timestamps"

// Broker reports whether this process was started to serve a namespace stage, and
// if so serves it to the end. args are the program's arguments without its name. A
// program that opens stages calls Broker first.
func Broker(args []string) bool {
	if len(args) != 1 || args[0] != brokerArgument {
		return false
	}
	if what, err := prepareLoopback(); err != nil {
		reply(what, err, -1)
		return true
	}
	reply("", nil, -1)
	buffer := make([]byte, 64)
	for {
		n, _, _, _, err := recvmsg(brokerFD, buffer, nil)
		if err != nil || n == 0 {
			return true
		}
		domain, typ, protocol := decodeRequest(buffer[:n])
		fd, err := unix.Socket(domain, typ, protocol)
		reply("socket", err, fd)
		if err == nil {
			unix.Close(fd)
		}
	}
}

// prepareLoopback brings the loopback up with the MTU and the TCP settings of
// 2014. If that fails, what says in which step.
func prepareLoopback() (what string, err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "socket", err
	}
	defer unix.Close(fd)
	ifr, err := unix.NewIfreq("lo")
	if err != nil {
		return "lo", err
	}
	ifr.SetUint32(loopbackMTU)
	if err := ioctl(fd, unix.SIOCSIFMTU, ifr); err != nil {
		return "SIOCSIFMTU", err
	}
	ifr.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := ioctl(fd, unix.SIOCSIFFLAGS, ifr); err != nil {
		return "SIOCSIFFLAGS", err
	}
	for _, s := range sysctls {
		if err := os.WriteFile(s.path, []byte(s.value), 0); err != nil {
			return s.path, errno(err)
		}
	}
	_ = os.WriteFile(preparing, []byte("2"), 0) // where that fails Prepare finds out
	return "", nil
}

func ioctl(fd int, request uint, ifr *unix.Ifreq) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(unsafe.Pointer(ifr)))
	if errno != 0 {
		return errno
	}
	return nil
}

// errno returns the number in an error of package os.
func errno(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}

// reply sends an answer: the error's number, what failed, and a descriptor if
// there is one.
func reply(what string, err error, fd int) {
	var number unix.Errno
	if err != nil {
		e, ok := err.(unix.Errno)
		if !ok {
			what, e = fmt.Sprintf("%s: %v", what, err), unix.EIO
		}
		number = e
	}
	var rights []byte
	if number == 0 && fd >= 0 {
		rights = unix.UnixRights(fd)
	}
	// The peer may have exited already; then there is nobody to tell.
	_ = unix.Sendmsg(brokerFD, append(binary.LittleEndian.AppendUint32(nil, uint32(number)), what...), rights, nil, unix.MSG_NOSIGNAL)
}

func decodeAnswer(b []byte) (unix.Errno, string) {
	if len(b) < 4 {
		return unix.EPROTO, "short answer"
	}
	return unix.Errno(binary.LittleEndian.Uint32(b)), string(b[4:])
}

func encodeRequest(domain, typ, protocol int) []byte {
	var b []byte
	for _, v := range []int{domain, typ, protocol} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func decodeRequest(b []byte) (domain, typ, protocol int) {
	if len(b) != 12 {
		return -1, -1, -1 // socket(2) will say EAFNOSUPPORT
	}
	at := func(i int) int { return int(int32(binary.LittleEndian.Uint32(b[4*i:]))) }
	return at(0), at(1), at(2)
}
