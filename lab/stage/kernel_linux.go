package stage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/capture"
)

// kernel is a stage whose packets are the kernel's. Which network namespace it
// plays in depends on where socket makes its sockets.
type kernel struct {
	name   string
	socket func(domain, typ, protocol int) (int, error)
	close  func() error
}

func (k *kernel) Name() string { return k.name }

func (k *kernel) Close() error {
	if k.close == nil {
		return nil
	}
	return k.close()
}

func (k *kernel) Listen(port uint16) (net.Listener, error) {
	var l net.Listener
	err := k.tcp(port, func(fd int) error {
		return unix.Listen(fd, unix.SOMAXCONN)
	}, func(f *os.File) (err error) {
		l, err = net.FileListener(f)
		return err
	})
	if errors.Is(err, unix.EADDRINUSE) && k.name == Host {
		return nil, &Taken{Port: port, Holder: holder(port), Err: err}
	}
	if err != nil {
		return nil, fmt.Errorf("listen on 127.0.0.1:%d: %w", port, err)
	}
	return quietListener{l.(*net.TCPListener)}, nil
}

func (k *kernel) Dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var c net.Conn
	err := k.tcp(from, func(fd int) error {
		// A reset leaves no TIME_WAIT behind (tcp(7), SO_LINGER in socket(7)).
		if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
			return err
		}
		// On loopback connect does not wait: who listens is there or is not.
		return unix.Connect(fd, &unix.SockaddrInet4{Port: int(to), Addr: loopbackAddress})
	}, func(f *os.File) (err error) {
		if c, err = net.FileConn(f); err != nil {
			return err
		}
		return c.(*net.TCPConn).SetKeepAlive(false)
	})
	if err != nil {
		return nil, fmt.Errorf("connect 127.0.0.1:%d to port %d: %w", from, to, err)
	}
	return c, nil
}

// tcp makes a TCP socket bound to port, prepares it and hands it to the net
// package, which keeps a duplicate.
func (k *kernel) tcp(port uint16, prepare func(fd int) error, hand func(*os.File) error) error {
	fd, err := k.socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "socket")
	defer f.Close()
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(port), Addr: loopbackAddress}); err != nil {
		return err
	}
	if err := prepare(fd); err != nil {
		return err
	}
	return hand(f)
}

func (k *kernel) Capture() (Capture, error) {
	c, err := capture.Open(capture.Options{Interface: "lo", Socket: k.socket})
	if err != nil {
		return nil, err // and no nil *Live in an interface that is not nil
	}
	return c, nil
}
