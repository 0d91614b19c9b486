package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Live is a capture on a network interface, through a packet socket
// (packet(7)). Read is for one goroutine; Close and Stats are for any.
type Live struct {
	file   *os.File
	conn   syscall.RawConn
	link   LinkType
	opt    Options
	iface  iface // index 0 for "any"
	names  map[int]string
	recv   receiver
	verify *bpf.VM // the filter, where the kernel cannot run it

	mu     sync.Mutex
	stats  Stats
	closed bool
}

// iface is what the kernel knows of an interface in the socket's namespace.
type iface struct {
	name   string
	index  int
	arphrd uint16 // ARPHRD_…
}

// Open starts a capture. Packets that pass from then on are kept by the kernel
// until they are read. errors.Is finds fs.ErrPermission in the error where
// CAP_NET_RAW is missing, and fs.ErrNotExist where there is no such interface.
func Open(o Options) (*Live, error) {
	o.fill()
	if o.Socket == nil {
		o.Socket = unix.Socket
	}
	l := &Live{opt: o, names: make(map[int]string)}
	fd, err := l.socket(unix.SOCK_RAW)
	if err != nil {
		return nil, err
	}
	if err := l.prepare(&fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	// The runtime's poller waits for packets, so that Close ends the wait.
	l.file = os.NewFile(uintptr(fd), "packet socket")
	if l.conn, err = l.file.SyscallConn(); err != nil {
		l.file.Close()
		return nil, err
	}
	return l, nil
}

func (l *Live) socket(typ int) (int, error) {
	fd, err := l.opt.Socket(unix.AF_PACKET, typ|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, fs.ErrPermission) {
		return -1, fmt.Errorf("%s: you don't have permission to capture (socket: %w)", l.opt.Interface, err)
	}
	if err != nil {
		return -1, fmt.Errorf("%s: cannot make a packet socket: %w", l.opt.Interface, err)
	}
	// An injected function may have made it otherwise.
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// prepare makes the socket ready, in libpcap's order (pcap-linux.c): which link
// type, then the filter, then everything else, and bind last, for a socket of
// protocol 0 receives nothing until then.
func (l *Live) prepare(fd *int) error {
	cooked, err := l.identify(*fd)
	if err != nil {
		return err
	}
	if cooked {
		again, err := l.socket(unix.SOCK_DGRAM)
		if err != nil {
			return err
		}
		unix.Close(*fd)
		*fd = again
	}
	if err := l.attach(*fd); err != nil {
		return err
	}
	if err := l.configure(*fd); err != nil {
		return err
	}
	return l.bind(*fd)
}

// identify finds the interface and the link type, and tells whether the kernel
// has to take the link-layer header away ("cooked").
func (l *Live) identify(fd int) (cooked bool, err error) {
	if l.opt.Interface == "any" {
		l.link = LinuxSLL2
		l.opt.Promiscuous = false
		return true, nil
	}
	if l.iface, err = findIface(fd, l.opt.Interface); err != nil {
		return false, err
	}
	l.link = linkTypeOf(l.iface.arphrd)
	return l.link == LinuxSLL, nil
}

func (l *Live) configure(fd int) error {
	// Twice what is asked for is what the kernel reserves; the forced form needs
	// CAP_NET_ADMIN, the other is cut at net.core.rmem_max.
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, l.opt.Buffer) != nil {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, l.opt.Buffer)
	}
	for _, o := range []struct {
		level, name int
		what        string
	}{
		{unix.SOL_PACKET, unix.PACKET_AUXDATA, "PACKET_AUXDATA"},
		{unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, "SO_TIMESTAMPNS"},
	} {
		if err := unix.SetsockoptInt(fd, o.level, o.name, 1); err != nil {
			return fmt.Errorf("%s: setsockopt %s: %w", l.opt.Interface, o.what, err)
		}
	}
	if l.iface.arphrd == unix.ARPHRD_LOOPBACK {
		// Spares the kernel the first of a loopback packet's two copies. Before
		// Linux 4.20 take drops it.
		unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)
	}
	if l.opt.Promiscuous {
		m := unix.PacketMreq{Ifindex: int32(l.iface.index), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m); err != nil {
			return fmt.Errorf("%s: promiscuous mode: %w", l.opt.Interface, err)
		}
	}
	l.recv.init(l.opt.Snaplen)
	return nil
}

func (l *Live) bind(fd int) error {
	all := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL))
	err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: l.iface.index})
	if err == nil {
		// A bind to an interface that is down is no error, but leaves one behind.
		var pending int
		if pending, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR); err == nil && pending != 0 {
			err = unix.Errno(pending)
		}
	}
	if err == unix.ENETDOWN {
		return fmt.Errorf("%s: that interface is not up (ip link set %s up): %w", l.iface.name, l.iface.name, err)
	}
	if err != nil {
		return fmt.Errorf("%s: bind: %w", l.opt.Interface, err)
	}
	return nil
}

// LinkType returns the link type of the packets: LinuxSLL2 for "any", LinuxSLL
// for interfaces whose own headers are not known here.
func (l *Live) LinkType() LinkType { return l.link }

// Snaplen returns how many bytes of a packet are kept, at most.
func (l *Live) Snaplen() int { return l.opt.Snaplen }

// Read waits for the next packet. p.Data is valid until the next Read. After
// Close, and if Close comes while it waits, it returns an error in which
// errors.Is finds os.ErrClosed.
func (l *Live) Read(p *Packet) error {
	for {
		if err := l.receive(); err != nil {
			return err
		}
		if l.take(p) {
			return nil
		}
	}
}

// receive waits for one packet and lets the kernel copy it.
func (l *Live) receive() error {
	if err := l.conn.Read(l.recv.try); err != nil {
		return fmt.Errorf("%s: capture ended: %w", l.opt.Interface, os.ErrClosed)
	}
	switch l.recv.errno {
	case 0:
		return nil
	case unix.ENETDOWN:
		return fmt.Errorf("%s: the interface went down: %w", l.opt.Interface, l.recv.errno)
	default:
		return fmt.Errorf("%s: recvmsg: %w", l.opt.Interface, l.recv.errno)
	}
}

// Stats returns the counts so far. After Close they are those of the end.
func (l *Live) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.count()
	}
	return l.stats
}

// count adds the kernel's counters, which reading sets to zero.
func (l *Live) count() {
	l.conn.Control(func(fd uintptr) {
		if s, err := unix.GetsockoptTpacketStats(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			l.stats.Received += uint64(s.Packets)
			l.stats.Dropped += uint64(s.Drops)
		}
	})
}

// Close ends the capture. A Read that waits returns at once.
func (l *Live) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.count()
	l.closed = true
	return l.file.Close()
}

// receiver gets one packet with recvmsg(2), without allocating.
type receiver struct {
	buf   []byte // headroom, then the packet
	msg   unix.Msghdr
	iov   unix.Iovec
	from  unix.RawSockaddrLinklayer
	oob   [128]byte
	n     int
	errno unix.Errno
	try   func(fd uintptr) bool
}

func (r *receiver) init(snaplen int) {
	r.buf = make([]byte, headroom+snaplen)
	r.try = r.once
}

// once reports whether the waiting is over, for RawConn.Read.
func (r *receiver) once(fd uintptr) bool {
	r.iov.Base = &r.buf[headroom]
	r.iov.SetLen(len(r.buf) - headroom)
	r.msg = unix.Msghdr{
		Name:    (*byte)(unsafe.Pointer(&r.from)),
		Namelen: unix.SizeofSockaddrLinklayer,
		Iov:     &r.iov,
		Control: &r.oob[0],
	}
	r.msg.SetIovlen(1)
	r.msg.SetControllen(len(r.oob))
	for {
		n, _, errno := unix.Syscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&r.msg)), unix.MSG_TRUNC|unix.MSG_DONTWAIT)
		switch errno {
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			return false
		}
		r.n, r.errno = int(n), errno
		return true
	}
}

// control reads what came with the packet: its time, its length on the wire
// and the VLAN tag that the kernel took out.
func (r *receiver) control() (t time.Time, aux unix.TpacketAuxdata) {
	const hdr = unix.SizeofCmsghdr
	oob := r.oob[:r.msg.Controllen]
	for len(oob) >= hdr {
		h := (*unix.Cmsghdr)(unsafe.Pointer(&oob[0]))
		n := int(h.Len)
		if n < hdr || n > len(oob) {
			break
		}
		data := oob[unix.CmsgLen(0):n]
		switch {
		case h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_TIMESTAMPNS && len(data) >= int(unsafe.Sizeof(unix.Timespec{})):
			ts := (*unix.Timespec)(unsafe.Pointer(&data[0]))
			t = time.Unix(ts.Unix())
		case h.Level == unix.SOL_PACKET && h.Type == unix.PACKET_AUXDATA && len(data) >= int(unsafe.Sizeof(aux)):
			aux = *(*unix.TpacketAuxdata)(unsafe.Pointer(&data[0]))
		}
		oob = oob[min(unix.CmsgSpace(n-unix.CmsgLen(0)), len(oob)):]
	}
	return t.UTC(), aux
}
