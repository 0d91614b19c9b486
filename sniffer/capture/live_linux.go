package capture

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

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
	ring   *ring
	unmap  runtime.Cleanup
	kept   Packet                             // for which a batch had no room
	match  func(data []byte, length int) bool // the filter, where the kernel cannot run it
	waiter                                    // how Read waits

	mu      sync.Mutex
	stats   Stats
	closed  atomic.Bool
	stopped atomic.Bool
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
	typ := unix.SOCK_RAW
	if o.Interface == "any" {
		l.link, l.opt.Promiscuous, typ = LinuxSLL2, false, unix.SOCK_DGRAM
	}
	fd, err := l.socket(typ)
	if err != nil {
		return nil, err
	}
	if err := l.prepare(&fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	// The memory goes when nobody can look at a packet any more: at the Read
	// after Close, or with l.
	l.unmap = runtime.AddCleanup(l, (*ring).unmap, l.ring)
	l.try = l.once
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
		return -1, texts.Error("interface.permission", "interface", l.opt.Interface, "why", err)
	}
	if err != nil {
		return -1, failed(l.opt.Interface, "socket", err)
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
	if l.link != LinuxSLL2 {
		if err := l.identify(fd); err != nil {
			return err
		}
	}
	if err := l.attach(*fd); err != nil {
		return err
	}
	if err := l.configure(*fd); err != nil {
		return err
	}
	return l.bind(*fd)
}

// identify finds the interface and the link type. Where the kernel has to take
// the link-layer header away ("cooked") it puts another socket into the first
// one's place.
func (l *Live) identify(fd *int) (err error) {
	if l.iface, err = findIface(*fd, l.opt.Interface); err != nil {
		return err
	}
	if l.link = linkTypeOf(l.iface.arphrd); l.link != LinuxSLL {
		return nil
	}
	cooked, err := l.socket(unix.SOCK_DGRAM)
	if err != nil {
		return err
	}
	unix.Close(*fd)
	*fd = cooked
	return nil
}

func (l *Live) configure(fd int) (err error) {
	// Without it the kernel takes the time a little later, when it writes the
	// packet into the ring.
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if l.iface.arphrd == unix.ARPHRD_LOOPBACK {
		// Spares the kernel the first of a loopback packet's two copies. Before
		// Linux 4.20 take drops it.
		unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)
	}
	if l.opt.Promiscuous {
		m := unix.PacketMreq{Ifindex: int32(l.iface.index), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m); err != nil {
			return failed(l.opt.Interface, "PACKET_MR_PROMISC", err)
		}
	}
	l.ring, err = newRing(l.opt.Interface, fd, l.opt.Buffer, l.opt.Immediate)
	return err
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
		return about("interface.down", l.iface.name, err)
	}
	if err != nil {
		return failed(l.opt.Interface, "bind", err)
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
// errors.Is finds os.ErrClosed; after Stop, io.EOF when no packet is left.
func (l *Live) Read(p *Packet) error {
	_, err := l.read(p, true)
	return err
}

// read takes the next packet; without wait it reports false if none is there.
func (l *Live) read(p *Packet, wait bool) (bool, error) {
	if l.kept.Data != nil {
		*p, l.kept = l.kept, Packet{}
		return true, nil
	}
	for !l.closed.Load() {
		if l.ring.left > 0 {
			if l.take(p, l.ring.frame()) {
				return true, nil
			}
			continue
		}
		l.ring.release()
		if !l.ring.ready() {
			if !wait {
				return false, nil
			}
			if err := l.wait(); err != nil {
				return false, err
			}
		}
		l.ring.open()
	}
	l.unmap.Stop()
	l.ring.unmap()
	return false, l.errClosed()
}

// Stats returns the counts so far. After Close they are those of the end.
func (l *Live) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed.Load() {
		l.count()
	}
	return l.stats
}

// count adds the kernel's counters, which reading sets to zero.
func (l *Live) count() {
	l.conn.Control(func(fd uintptr) {
		if s, err := unix.GetsockoptTpacketStatsV3(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			l.stats.Received += uint64(s.Packets)
			l.stats.Dropped += uint64(s.Drops)
		}
	})
}

// Stop ends the capture softly: no more packets are let in, and those that the
// kernel has kept can still be read; then Read returns io.EOF.
func (l *Live) Stop() error {
	l.stopped.Store(true)
	var err error
	if cerr := l.conn.Control(func(fd uintptr) { err = setFilter(int(fd), nothing) }); cerr != nil {
		return cerr // closed
	}
	if err != nil {
		return err
	}
	// The last packets come when their block's time is over. If none is left, there
	// is nothing to wait for.
	return l.file.SetReadDeadline(past)
}

var past = time.Unix(1, 0)

// Close ends the capture. A Read that waits returns at once.
func (l *Live) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed.Load() {
		return nil
	}
	l.count()
	l.closed.Store(true)
	return l.file.Close()
}
