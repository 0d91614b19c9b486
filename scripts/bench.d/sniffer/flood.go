package main

import (
	"context"
	"fmt"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/tcp"
)

// mmsghdr is sendmmsg(2)'s.
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32
	_   [4]byte
}

// burst is how many packets one system call sends.
const burst = 50

// flood sends segments to the loopback interface at a rate a second, for so
// long, and gives how many. They carry a link address of nobody's, so that the
// kernel hands them to who captures and then drops them.
func flood(ctx context.Context, rate int, d time.Duration) (sent int, err error) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return 0, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return 0, fmt.Errorf("packet socket: %w; run as root", err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: lo.Index}); err != nil {
		return 0, err
	}
	text := []byte("32 bytes of what people may say.")
	packet := segment(nil, 40000, 7272, 1, 1, tcp.PSH|tcp.ACK, text)
	packet[0] = 2 // PACKET_OTHERHOST for lo
	part := unix.Iovec{Base: &packet[0], Len: uint64(len(packet))}
	var messages [burst]mmsghdr
	for i := range messages {
		messages[i].hdr.Iov = &part
		messages[i].hdr.SetIovlen(1)
	}
	start := time.Now()
	for want := rate * int(d/time.Second); sent < want && ctx.Err() == nil; {
		due := start.Add(time.Duration(sent) * time.Second / time.Duration(rate))
		if early := time.Until(due); early > 0 {
			time.Sleep(early)
		}
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&messages)), burst, 0, 0, 0)
		if errno != 0 && errno != unix.ENOBUFS && errno != unix.EINTR {
			return sent, errno
		}
		if errno == 0 {
			sent += int(n)
		}
	}
	return sent, ctx.Err()
}
