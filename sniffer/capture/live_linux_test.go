package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

func needRaw(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Skipf("live capture needs CAP_NET_RAW: run as root, or setcap cap_net_raw=ep on the test's binary: %v", err)
	}
	unix.Close(fd)
}

// open starts a capture that fails the test, rather than hang it, when a
// packet that must come does not.
func open(t *testing.T, o Options) *Live {
	t.Helper()
	l, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { l.Close() })
	t.Cleanup(func() { watchdog.Stop(); l.Close() })
	return l
}

func read(t *testing.T, l *Live) Packet {
	t.Helper()
	var p Packet
	if err := l.Read(&p); err != nil {
		t.Fatalf("Read: %v", err)
	}
	return p
}

// udpPort lets pass UDP over IPv4 to a port, where the capture has the link type.
func udpPort(t *testing.T, want LinkType, port uint32) func(LinkType) (Filter, error) {
	t.Helper()
	n, etherTypeAt := uint32(14), uint32(12)
	if want == LinuxSLL2 {
		n, etherTypeAt = 0, 0xfffff000 // SKF_AD_OFF + SKF_AD_PROTOCOL, linux/filter.h
	}
	raw, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: etherTypeAt, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0x0800, SkipFalse: 6},
		bpf.LoadAbsolute{Off: n + 9, Size: 1},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 17, SkipFalse: 4},
		bpf.LoadMemShift{Off: n},
		bpf.LoadIndirect{Off: n + 2, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: port, SkipFalse: 1},
		bpf.RetConstant{Val: MaxSnaplen},
		bpf.RetConstant{Val: 0},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(link LinkType) (Filter, error) {
		if link != want {
			t.Errorf("a filter is asked for link type %d, want %d", link, want)
		}
		return Filter{Program: raw}, nil
	}
}

func TestLoopbackGivesEachPacketOnce(t *testing.T) {
	ns := newNamespace(t)
	for _, name := range []string{namespaceLoop, "1", "any"} {
		t.Run(name, func(t *testing.T) {
			l := open(t, Options{Interface: name, Socket: ns.Socket})
			before := time.Now()
			ns.send(t, 5, 8)
			after := time.Now()
			header := 14
			if name == "any" {
				header = 20
			}
			for i := range 5 {
				p := read(t, l)
				if want := header + 20 + 8 + 8; p.Length != want || len(p.Data) != want {
					t.Errorf("packet %d: length %d, %d bytes captured, want %d", i, p.Length, len(p.Data), want)
				}
				if got, want := string(p.Data[header+28:]), "0000000"+string(rune('0'+i)); got != want {
					t.Errorf("packet %d: payload %q, want %q", i, got, want)
				}
				if p.Time.Before(before) || p.Time.After(after) || p.Time.Location() != time.UTC {
					t.Errorf("packet %d: time %v is not between %v and %v in UTC", i, p.Time, before, after)
				}
				if p.Interface != namespaceLoop || p.Direction != DirectionIn {
					t.Errorf("packet %d: interface %q, direction %d", i, p.Interface, p.Direction)
				}
			}
		})
	}
}

func TestAnyHasSLL2Header(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: "any", Socket: ns.Socket})
	if l.LinkType() != LinuxSLL2 {
		t.Fatalf("link type %d", l.LinkType())
	}
	ns.send(t, 1, 1)
	p := read(t, l)
	want := []byte{8, 0, 0, 0, 0, 0, 0, 1, 772 >> 8, 772 & 255, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}
	if !bytes.Equal(p.Data[:20], want) {
		t.Errorf("header\n%x, want\n%x", p.Data[:20], want)
	}
}

func TestLargePacketIsWhole(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket})
	ns.send(t, 1, 65000)
	if p := read(t, l); p.Length != 65042 || len(p.Data) != 65042 {
		t.Errorf("length %d, captured %d, want 65042", p.Length, len(p.Data))
	}
}

func TestSnaplenCutsAndLengthStays(t *testing.T) {
	ns := newNamespace(t)
	for _, c := range []struct {
		name   string
		length int
	}{{namespaceLoop, 14 + 28 + 300}, {"any", 20 + 28 + 300}} {
		l := open(t, Options{Interface: c.name, Socket: ns.Socket, Snaplen: 60})
		ns.send(t, 1, 300)
		if p := read(t, l); p.Length != c.length || len(p.Data) != 60 {
			t.Errorf("%s: length %d, captured %d, want %d and 60", c.name, p.Length, len(p.Data), c.length)
		}
	}
}

func TestFilterIsForTheCapturesLinkType(t *testing.T) {
	ns := newNamespace(t)
	for _, c := range []struct {
		name string
		link LinkType
	}{{namespaceLoop, Ethernet}, {"any", LinuxSLL2}} {
		t.Run(c.name, func(t *testing.T) {
			none := open(t, Options{Interface: c.name, Socket: ns.Socket, Filter: udpPort(t, c.link, 9)})
			some := open(t, Options{Interface: c.name, Socket: ns.Socket, Filter: udpPort(t, c.link, 7272)})
			ns.send(t, 3, 10)
			for range 3 {
				read(t, some)
			}
			if some.match != nil || none.match != nil {
				t.Error("the filter is not in the kernel")
			}
			if s := none.Stats(); s != (Stats{}) {
				t.Errorf("the other filter let pass %+v", s)
			}
		})
	}
}

// Where the kernel has no program, or refuses it, the packets are matched here:
// before they are cut, and with their length on the wire.
func TestFilterTheKernelCannotRun(t *testing.T) {
	ns := newNamespace(t)
	for name, program := range map[string][]bpf.RawInstruction{
		"none":    nil,
		"refused": {{Op: 0x20}}, // no return at its end
	} {
		t.Run(name, func(t *testing.T) {
			const want = 20 + 28 + 77
			l := open(t, Options{Interface: "any", Socket: ns.Socket, Snaplen: 30, Filter: func(LinkType) (Filter, error) {
				return Filter{program, func(data []byte, length int) bool { return len(data) == want && length == want }}, nil
			}})
			ns.send(t, 2, 10)
			ns.send(t, 1, 77)
			if p := read(t, l); p.Length != want || len(p.Data) != 30 {
				t.Errorf("length %d, %d bytes captured", p.Length, len(p.Data))
			}
		})
	}
	if _, err := Open(Options{Interface: "any", Socket: ns.Socket, Filter: func(LinkType) (Filter, error) {
		return Filter{Program: []bpf.RawInstruction{{Op: 0x20}}}, nil
	}}); !errors.Is(err, unix.EINVAL) {
		t.Errorf("nothing to put in a refused program's place: %v", err)
	}
	stop := errors.New("no filter")
	if _, err := Open(Options{Interface: "any", Socket: ns.Socket, Filter: func(LinkType) (Filter, error) { return Filter{}, stop }}); err != stop {
		t.Error(err)
	}
}

func TestCloseEndsRead(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket})
	ns.send(t, 2, 1)
	read(t, l)
	read(t, l)
	done := make(chan error)
	go func() {
		var p Packet
		done <- l.Read(&p)
	}()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, os.ErrClosed) {
		t.Errorf("Read after Close: %v", err)
	}
	if s := l.Stats(); s.Received != 2 || s.Dropped != 0 {
		t.Errorf("after Close: %+v, want 2 received", s)
	}
	if err := l.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// What passed before Stop can still be read, even if the kernel had not yet
// handed it over; what passes after it is not taken.
func TestStopLosesNothing(t *testing.T) {
	ns := newNamespace(t)
	for _, immediate := range []bool{false, true} {
		l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket, Immediate: immediate})
		ns.send(t, 400, 1000)
		if err := l.Stop(); err != nil {
			t.Fatal(err)
		}
		ns.send(t, 10, 1000)
		for i := range 400 {
			if p := read(t, l); string(p.Data[14+28+997:]) != fmt.Sprintf("%03d", i) {
				t.Fatalf("packet %d: %q", i, p.Data[42:])
			}
		}
		var p Packet
		if err := l.Read(&p); err != io.EOF {
			t.Errorf("after the last packet: %v", err)
		}
		if s := l.Stats(); s.Received != 400 || s.Dropped != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// The same traffic, captured by tcpdump at the same time.
func TestLiveAsTcpdump(t *testing.T) {
	needTcpdump(t)
	ns := newNamespaceWith(t, "lo") // libpcap knows it by its name
	for _, name := range []string{"lo", "any"} {
		file := filepath.Join(t.TempDir(), "theirs.pcap")
		const count = 60
		if _, err := ns.order("tcpdump %s %s %d", name, file, count); err != nil && os.Getuid() != 0 {
			t.Skipf("tcpdump sets its groups: run as root: %v", err)
		} else if err != nil {
			t.Fatal(err)
		}
		l := open(t, Options{Interface: name, Socket: ns.Socket, Immediate: true})
		ns.send(t, 40, 100)
		ns.send(t, 10, 30000)
		ns.send(t, 10, 1)
		if _, err := ns.order("wait"); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		theirs, err := NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		if theirs.LinkType() != l.LinkType() || theirs.Snaplen() != l.Snaplen() {
			t.Errorf("%s: link type %d, snaplen %d; tcpdump's %d, %d", name, l.LinkType(), l.Snaplen(), theirs.LinkType(), theirs.Snaplen())
		}
		for i := range count {
			var want Packet
			if err := theirs.Read(&want); err != nil {
				t.Fatal(err)
			}
			got := read(t, l)
			if got.Length != want.Length || !bytes.Equal(got.Data, want.Data) {
				t.Fatalf("%s: packet %d: %d bytes of %d\n%.40x\ntcpdump's %d of %d\n%.40x", name, i, len(got.Data), got.Length, got.Data, len(want.Data), want.Length, want.Data)
			}
			if d := got.Time.Sub(want.Time); d < -time.Second || d > time.Second {
				t.Errorf("%s: packet %d: %v, tcpdump %v", name, i, got.Time, want.Time)
			}
		}
	}
}

// Batches hold all packets in their order, also one for which the batch before
// had no room.
func TestLiveBatches(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket, Buffer: 16 << 20})
	for range 20 {
		ns.send(t, 3, 60000)
		ns.send(t, 20, 100)
	}
	if err := l.Stop(); err != nil {
		t.Fatal(err)
	}
	var b Batch
	n, calls := 0, 0
	for {
		err := l.ReadBatch(&b)
		if err == io.EOF {
			break
		}
		if err != nil || len(b.Packets) == 0 {
			t.Fatalf("%d packets, %v", len(b.Packets), err)
		}
		calls++
		for _, p := range b.Packets {
			size, number := 60000, n%23
			if number >= 3 {
				size, number = 100, number-3
			}
			if p.Length != 42+size || string(p.Data[42:]) != fmt.Sprintf("%0*d", size, number) {
				t.Fatalf("packet %d: length %d", n, p.Length)
			}
			n++
		}
	}
	if n != 20*23 || calls < 10 || calls > n/2 {
		t.Errorf("%d packets in %d batches", n, calls)
	}
}

// The kernel takes VLAN tags out; they must be back where they were.
func TestVLANTagIsPutBack(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket, Snaplen: 64})
	cooked := open(t, Options{Interface: "any", Socket: ns.Socket})
	frame := append(make([]byte, 12), 0x81, 0x00, 0x60, 0x2a, 0x08, 0x00)
	frame = append(frame, bytes.Repeat([]byte{0x45}, 80)...)
	if _, err := ns.order("frame %x", frame); err != nil {
		t.Fatal(err)
	}
	if p := read(t, l); p.Length != len(frame) || !bytes.Equal(p.Data, frame[:64]) {
		t.Errorf("length %d, want %d\n%x, want\n%x", p.Length, len(frame), p.Data, frame[:64])
	}
	// libpcap leaves it out of LINUX_SLL2.
	if p := read(t, cooked); !bytes.Equal(p.Data[20:], frame[18:]) || p.Length != 20+80 {
		t.Errorf("any: length %d\n%x", p.Length, p.Data)
	}
}

func TestInterfaceGoesDownAndUp(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket})
	for _, order := range []string{"down", "up"} {
		if _, err := ns.order("%s", order); err != nil {
			t.Fatal(err)
		}
	}
	ns.send(t, 1, 1)
	if p := read(t, l); p.Length != 43 {
		t.Errorf("%+v", p)
	}
	if _, err := ns.order("down"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Interface: namespaceLoop, Socket: ns.Socket}); err == nil || !strings.Contains(err.Error(), "not up") {
		t.Errorf("Open while down: %v", err)
	}
}

func TestInterfaceDisappears(t *testing.T) {
	ns := newNamespace(t)
	if _, err := ns.order("ip link add gone0 type veth peer name gone1"); err != nil {
		t.Skipf("needs iproute2 and veth: %v", err)
	}
	if _, err := ns.order("ip link set gone0 up"); err != nil {
		t.Fatal(err)
	}
	l := open(t, Options{Interface: "gone0", Socket: ns.Socket})
	if _, err := ns.order("ip link del gone0"); err != nil {
		t.Fatal(err)
	}
	var p Packet
	err := l.Read(&p)
	for err == nil { // neighbour discovery, before
		err = l.Read(&p)
	}
	if !strings.Contains(err.Error(), "gone0: the interface disappeared") {
		t.Errorf("Read: %v", err)
	}
}

func TestDropsAreCounted(t *testing.T) {
	ns := newNamespace(t)
	l := open(t, Options{Interface: namespaceLoop, Socket: ns.Socket, Buffer: 1 << 16})
	const sent = 3000
	ns.send(t, sent, 1000)
	s := l.Stats()
	if s.Received != sent || s.Dropped == 0 {
		t.Fatalf("%+v, want %d received and some dropped", s, sent)
	}
	for range s.Received - s.Dropped {
		read(t, l)
	}
}

func TestOpenErrors(t *testing.T) {
	ns := newNamespace(t)
	refuse := func(int, int, int) (int, error) { return -1, unix.EPERM }
	for _, c := range []struct {
		o    Options
		is   error
		word string
	}{
		{Options{Interface: "lo", Socket: ns.Socket}, fs.ErrNotExist, "lo: No such device exists"},
		{Options{Interface: "an interface with a long name", Socket: ns.Socket}, fs.ErrNotExist, "No such device"},
		{Options{Interface: "99", Socket: ns.Socket}, fs.ErrNotExist, "99: No such device exists"},
		{Options{Interface: "lo", Socket: refuse}, fs.ErrPermission, "permission"},
	} {
		_, err := Open(c.o)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.word) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.o.Interface, err)
		}
	}
}

func TestHostLoopback(t *testing.T) {
	needRaw(t)
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	port := uint32(c.LocalAddr().(*net.UDPAddr).Port)
	l := open(t, Options{Interface: "lo", Filter: udpPort(t, Ethernet, port)})
	if _, err := c.WriteTo([]byte("hi,  all !"), c.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	p := read(t, l)
	if p.LinkType != Ethernet || p.Interface != "lo" || binary.BigEndian.Uint16(p.Data[12:]) != 0x0800 || string(p.Data[42:]) != "hi,  all !" {
		t.Errorf("%+v", p)
	}
}
