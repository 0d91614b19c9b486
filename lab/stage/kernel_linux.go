package stage

import (
	"context"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/listen"
)

// kernelStage is a stage whose packets are the kernel's. Its network namespace is
// that in which socket makes sockets.
type kernelStage struct {
	name   string
	socket func(domain, typ, protocol int) (int, error)
	close  func() error
	// prepared are the connections that Prepare has prepared.
	prepared preparedConnections
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
	if err != nil && k.name == Host {
		return nil, catalogue.WithHint(listen.Refuse(port, err), texts.Message("hint.port"))
	}
	if err != nil {
		return nil, texts.Error("listen", "port", port, "why", err)
	}
	return noKeepAliveListener{l.(*net.TCPListener), &k.prepared}, nil
}

func (k *kernelStage) Dial(ctx context.Context, from, to uint16) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prepared := k.prepared.take(from, to)
	var c net.Conn
	err := k.newTCP(from, func(fd int) error {
		// A reset leaves no TIME_WAIT behind (tcp(7), SO_LINGER in socket(7)).
		if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
			return err
		}
		if prepared != nil {
			return prepared.connect(fd, to)
		}
		return connect(fd, to)
	}, func(f *os.File) (err error) {
		if c, err = net.FileConn(f); err != nil {
			return err
		}
		return c.(*net.TCPConn).SetKeepAlive(false)
	})
	if err != nil {
		return nil, texts.Error("connect", "from", from, "to", to, "why", err)
	}
	if prepared != nil {
		if err := prepared.wait(ctx); err != nil {
			c.Close()
			return nil, texts.Error("connect", "from", from, "to", to, "why", err)
		}
	}
	return c, nil
}

// connect connects a socket. On loopback that does not block: it succeeds or is
// refused at once.
func connect(fd int, to uint16) error {
	return unix.Connect(fd, &unix.SockaddrInet4{Port: int(to), Addr: loopbackAddress})
}

// newTCP makes a TCP socket bound to port and prepares it. wrap passes it to package
// net, which keeps a duplicate.
func (k *kernelStage) newTCP(port uint16, prepare func(fd int) error, wrap func(*os.File) error) error {
	fd, err := k.tcpSocket()
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "socket")
	defer f.Close()
	if err := bind(fd, port); err != nil {
		return err
	}
	if err := prepare(fd); err != nil {
		return err
	}
	return wrap(f)
}

func (k *kernelStage) tcpSocket() (fd int, err error) {
	return k.socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
}

// bind binds a socket to a port, which may be one that a connection has left.
func bind(fd int, port uint16) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	return unix.Bind(fd, &unix.SockaddrInet4{Port: int(port), Addr: loopbackAddress})
}

func (k *kernelStage) Capture() (Capture, error) {
	c, err := capture.Open(capture.Options{Interface: "lo", Socket: k.socket, Buffer: 8 << 20})
	if err != nil {
		return nil, err // and no nil *Live in an interface that is not nil
	}
	return c, nil
}
