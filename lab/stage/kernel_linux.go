package stage

import (
	"context"
	"errors"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/capture"
)

// kernelStage is a stage whose packets are the kernel's. Its network namespace is
// that in which socket makes sockets.
type kernelStage struct {
	name   string
	socket func(domain, typ, protocol int) (int, error)
	close  func() error
}

func (k *kernelStage) Name() string { return k.name }
func (k *kernelStage) Clock() Clock { return realClock{} }

func (k *kernelStage) Close() error {
	if k.close == nil {
		return nil
	}
	return k.close()
}

func (k *kernelStage) Listen(port uint16) (net.Listener, error) {
	var l net.Listener
	err := k.newTCP(port, func(fd int) error {
		return unix.Listen(fd, unix.SOMAXCONN)
	}, func(f *os.File) (err error) {
		l, err = net.FileListener(f)
		return err
	})
	if errors.Is(err, unix.EADDRINUSE) && k.name == Host {
		return nil, portInUse(port, err)
	}
	if err != nil {
		return nil, texts.Error("listen", "port", port, "why", err)
	}
	return noKeepAliveListener{l.(*net.TCPListener)}, nil
}

func (k *kernelStage) Dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var c net.Conn
	err := k.newTCP(from, func(fd int) error {
		// A reset leaves no TIME_WAIT behind (tcp(7), SO_LINGER in socket(7)).
		if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
			return err
		}
		// On loopback connect does not block: it succeeds or is refused at once.
		return unix.Connect(fd, &unix.SockaddrInet4{Port: int(to), Addr: loopbackAddress})
	}, func(f *os.File) (err error) {
		if c, err = net.FileConn(f); err != nil {
			return err
		}
		return c.(*net.TCPConn).SetKeepAlive(false)
	})
	if err != nil {
		return nil, texts.Error("connect", "from", from, "to", to, "why", err)
	}
	return c, nil
}

// newTCP makes a TCP socket bound to port and prepares it. wrap passes it to package
// net, which keeps a duplicate.
func (k *kernelStage) newTCP(port uint16, prepare func(fd int) error, wrap func(*os.File) error) error {
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
	return wrap(f)
}

func (k *kernelStage) Capture() (Capture, error) {
	c, err := capture.Open(capture.Options{Interface: "lo", Socket: k.socket})
	if err != nil {
		return nil, err // and no nil *Live in an interface that is not nil
	}
	return c, nil
}
