package filter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/capture"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const lastPort = 9 // a packet to this port ends a test

// inNamespace runs f in a network namespace of its own with lo up. The thread is
// never given back: it ends with the goroutine, the namespace with it.
func inNamespace(t *testing.T, f func()) {
	t.Helper()
	done := make(chan string)
	go func() {
		runtime.LockOSThread()
		reason := "the test has failed"
		defer func() { done <- reason }()
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			reason = fmt.Sprintf("needs a network namespace (%v): run the test as root", err)
			return
		}
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer unix.Close(fd)
		ifr, _ := unix.NewIfreq("lo")
		ifr.SetUint16(unix.IFF_UP)
		if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, ifr); err != nil {
			t.Error(err)
			return
		}
		f()
		reason = ""
	}()
	if reason := <-done; reason != "" && !t.Failed() {
		t.Skip(reason)
	}
}

type seen struct {
	data []byte
	from unix.SockaddrLinklayer
}

// packetSocket is an AF_PACKET socket with a filter, set before anything can
// arrive; nil lets all pass.
func packetSocket(t *testing.T, kind int, prog []bpf.RawInstruction, ifindex int) int {
	fd, err := unix.Socket(unix.AF_PACKET, kind, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if prog != nil {
		var ins []unix.SockFilter
		for _, r := range prog {
			ins = append(ins, unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K})
		}
		if err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(ins)), Filter: &ins[0]}); err != nil {
			t.Errorf("the kernel refuses the program of %d instructions: %v", len(ins), err)
		}
	}
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 5})
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1<<20)
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_ALL), Ifindex: ifindex}); err != nil {
		t.Fatal(err)
	}
	return fd
}

func htons(v uint16) uint16 { return binary.NativeEndian.Uint16(be(2, uint64(v))) }

// readAll reads up to the packet that ends the test, which comes as often as
// copies says.
func readAll(t *testing.T, fd, copies int) (out []seen) {
	buf := make([]byte, 65536)
	for copies > 0 {
		n, from, err := unix.Recvfrom(fd, buf, 0)
		if err != nil {
			t.Errorf("the packet that ends the test has not come: %v", err)
			return out
		}
		out = append(out, seen{bytes.Clone(buf[:n]), *from.(*unix.SockaddrLinklayer)})
		if n > 30 && bytes.HasSuffix(buf[:n], []byte("the end")) {
			copies--
		}
	}
	return out
}

// asFile makes of a cooked socket's packet what a file has.
func (s seen) asFile(lt capture.LinkType) []byte {
	proto := be(2, uint64(htons(s.from.Protocol)))
	hatype, typ := be(2, uint64(s.from.Hatype)), byte(s.from.Pkttype)
	if lt == capture.LinuxSLL {
		return cat([]byte{0, typ}, hatype, be(2, uint64(s.from.Halen)), s.from.Addr[:], proto, s.data)
	}
	return cat(proto, be(2, 0), be(4, uint64(s.from.Ifindex)), hatype, []byte{typ, s.from.Halen}, s.from.Addr[:], s.data)
}

// talk sends some UDP and TCP over IPv4 and IPv6 to this namespace itself.
func talk(t *testing.T) {
	four := func(port int) unix.Sockaddr { return &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}} }
	six := func(port int) unix.Sockaddr { return &unix.SockaddrInet6{Port: port, Addr: [16]byte{15: 1}} }
	udp4, _ := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	udp6, _ := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM, 0)
	tcp4, _ := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	tcp6, _ := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM, 0)
	for _, fd := range []int{udp4, udp6, tcp4, tcp6} {
		defer unix.Close(fd)
	}
	for i, port := range []int{53, 80, 7272, 8000} {
		for _, err := range []error{
			unix.Sendto(udp4, make([]byte, 10*i), 0, four(port)), unix.Sendto(udp6, make([]byte, 10*i), 0, six(port)),
		} {
			if err != nil && !errors.Is(err, unix.ECONNREFUSED) {
				t.Error(err)
			}
		}
	}
	unix.Connect(tcp4, four(7272)) // refused: a SYN and an RST
	unix.Connect(tcp6, six(7272))
	if err := unix.Sendto(udp4, []byte("the end"), 0, four(lastPort)); err != nil {
		t.Error(err)
	}
}

func manyHosts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "host 10.%d.%d.1 or ", i/250, i%250)
	}
	return b.String() + "port 7272"
}

func TestKernelAgreesWithMatch(t *testing.T) {
	exprs := []string{
		"", "tcp", "udp", "not udp", "port 7272", "tcp port 7272", "src port 7272", "udp dst portrange 50-100",
		"host 127.0.0.1", "host ::1", "net 127.0.0.0/8 and not tcp", "ip", "ip6", "arp", "icmp", "icmp6", "icmp or icmp6[0] = 1",
		"tcp[tcpflags] & (tcp-syn|tcp-rst) = tcp-syn", "udp[4:2] > 20", "ip[2:2] > 40", "ip[ip[0] & 0xf] = 0 or tcp[(tcp[12] >> 4) - 4] = 0",
		"ether proto 0x86dd", "outbound", "inbound and udp", "ifindex 1", "len > 0", "ip[8] * 2 + ip[9] - ip[1] > 130",
		manyHosts(300),
	}
	for _, s := range []struct {
		name string
		kind int
		lt   capture.LinkType
	}{{"cooked", unix.SOCK_DGRAM, capture.LinuxSLL}, {"cooked2", unix.SOCK_DGRAM, capture.LinuxSLL2}, {"raw", unix.SOCK_RAW, capture.Ethernet}} {
		t.Run(s.name, func(t *testing.T) {
			inNamespace(t, func() {
				var fds []int
				var used []string
				all := packetSocket(t, s.kind, nil, 0)
				for _, e := range exprs {
					if s.lt == capture.Ethernet && (strings.Contains(e, "bound") || e == "ifindex 1") ||
						s.lt == capture.LinuxSLL && e == "ifindex 1" {
						continue // files do not have it, so there is nothing to compare with
					}
					if e != "" {
						e = "(" + e + ") or udp dst port 9"
					}
					prog, err := kernelOffline(e, s.lt)
					if err != nil {
						t.Errorf("%.60q: %v", e, err)
						continue
					}
					used = append(used, e)
					fds = append(fds, packetSocket(t, s.kind, prog, 0))
				}
				if t.Failed() {
					return
				}
				talk(t)
				packets := readAll(t, all, 2)
				if len(packets) < 20 {
					t.Errorf("only %d packets to compare", len(packets))
				}
				for i, e := range used {
					p, err := compileOffline(e, s.lt)
					if err != nil {
						t.Error(err)
						continue
					}
					var want [][]byte
					for _, pkt := range packets {
						data := pkt.data
						if s.kind == unix.SOCK_DGRAM {
							data = pkt.asFile(s.lt)
						}
						if p.Match(data, len(data)) {
							want = append(want, pkt.data)
						}
					}
					var got [][]byte
					for _, pkt := range readAll(t, fds[i], 2) {
						got = append(got, pkt.data)
					}
					if !slices.EqualFunc(got, want, bytes.Equal) {
						t.Errorf("%.60q: the kernel lets %d of %d packets pass, Match %d", e, len(got), len(packets), len(want))
					}
				}
			})
		})
	}
}

// carries sends until something comes through: a new interface drops all until
// the kernel has seen, in its own time, that its cable is plugged in.
func carries(fd int, send func() error) bool {
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 20000})
	buf := make([]byte, 2048)
	for range 500 {
		send()
		for {
			n, _, err := unix.Recvfrom(fd, buf, 0)
			if err != nil {
				break
			}
			if bytes.HasSuffix(buf[:n], []byte("probe")) {
				return true
			}
		}
	}
	return false
}

// The kernel takes the tag off a frame that comes in; "vlan" must see it all the same.
func TestKernelVLAN(t *testing.T) {
	ip, err := exec.LookPath("ip")
	if err != nil {
		t.Skip("needs ip: install iproute2")
	}
	inNamespace(t, func() {
		for _, args := range []string{"link add va type veth peer name vb", "link set va up", "link set vb up"} {
			if out, err := exec.Command(ip, strings.Fields(args)...).CombinedOutput(); err != nil {
				t.Errorf("ip %s: %s", args, out)
				return
			}
		}
		index := func(name string) int {
			fd, _ := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
			defer unix.Close(fd)
			ifr, _ := unix.NewIfreq(name)
			if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, ifr); err != nil {
				t.Error(err)
			}
			return int(ifr.Uint32())
		}
		udp := func(port uint64, text string) []byte {
			return cat([]byte{0x45, 0}, be(2, uint64(28+len(text))), be(4, 0), []byte{64, protoUDP}, be(2, 0), v4Addrs[0], v4Addrs[1],
				be(2, 5000), be(2, port), be(2, uint64(8+len(text))), be(2, 0), []byte(text))
		}
		tags := func(typ uint64, ids ...uint64) (b []byte) {
			for _, id := range ids {
				b = cat(b, be(2, typ), be(2, id))
			}
			return b
		}
		head := cat(macs[2], macs[1])
		frames := map[string][]byte{
			"plain":  cat(head, be(2, etherIP), udp(7272, "one")),
			"seven":  cat(head, tags(etherVLAN, 7), be(2, etherIP), udp(7272, "two")),
			"eight":  cat(head, tags(etherVLAN, 8), be(2, etherIP), udp(80, "three")),
			"double": cat(head, tags(etherVLAN, 7, 100), be(2, etherIP), udp(7272, "four")),
		}
		order := []string{"plain", "seven", "eight", "double"}
		last := cat(head, be(2, etherIP), udp(lastPort, "the end, a packet that is long enough: the end"))
		cases := map[string][]string{
			"vlan":                              {"seven", "eight", "double"},
			"vlan 7":                            {"seven", "double"},
			"vlan 7 and udp port 7272":          {"seven"},
			"vlan and vlan 100":                 {"double"},
			"vlan and vlan and port 7272":       {"double"},
			"port 7272":                         nil, // filled in below: the kernel hides one tag
			"not vlan":                          {"plain"},
			"port 7272 or (vlan 8 and port 80)": nil,
		}
		cases["port 7272"] = []string{"plain", "seven"}
		cases["port 7272 or (vlan 8 and port 80)"] = []string{"plain", "seven", "eight"}
		out := packetSocket(t, unix.SOCK_RAW, []bpf.RawInstruction{{Op: ret}}, index("va"))
		send := func(f []byte) error { return unix.Sendto(out, f, 0, &unix.SockaddrLinklayer{Ifindex: index("va")}) }
		if !carries(packetSocket(t, unix.SOCK_RAW, nil, index("vb")), func() error { return send(cat(head, be(2, etherIP), udp(1, "probe"))) }) {
			t.Error("the pair of interfaces carries nothing")
			return
		}
		fds := map[string]int{}
		for e := range cases {
			prog, err := kernelOffline("udp dst port 9 or ("+e+")", capture.Ethernet)
			if err != nil {
				t.Errorf("%.60q: %v", e, err)
				return
			}
			fds[e] = packetSocket(t, unix.SOCK_RAW, prog, index("vb"))
		}
		for _, f := range [][]byte{frames["plain"], frames["seven"], frames["eight"], frames["double"], last} {
			if err := send(f); err != nil {
				t.Error(err)
			}
		}
		for e, want := range cases {
			var got []string
			for _, pkt := range readAll(t, fds[e], 1) {
				for _, name := range order {
					text := bytes.TrimLeft(frames[name][len(frames[name])-4:], "\x00")
					if bytes.HasSuffix(pkt.data, text) && pkt.from.Pkttype != unix.PACKET_OUTGOING {
						got = append(got, name)
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q: %v pass, want %v", e, got, want)
			}
		}
	})
}
