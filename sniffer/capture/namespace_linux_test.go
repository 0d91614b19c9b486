package capture

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A namespace is a child process in a user and network namespace of its own,
// which does there what it is told over a socket: hand out sockets, send
// datagrams. Its loopback interface is called lab0, a name this side lacks.
type namespace struct {
	conn *net.UnixConn
	pid  int
}

const (
	namespaceEnv  = "CAPTURE_TEST_NAMESPACE"
	namespaceLoop = "lab0"
)

func TestMain(m *testing.M) {
	if loop := os.Getenv(namespaceEnv); loop != "" {
		if err := namespaceChild(loop); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if name := os.Getenv(dropEnv); name != "" {
		if err := dropChild(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func newNamespace(t *testing.T) *namespace {
	t.Helper()
	return newNamespaceWith(t, namespaceLoop)
}

// newNamespaceWith calls the loopback interface otherwise.
func newNamespaceWith(t *testing.T, loop string) *namespace {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	child := os.NewFile(uintptr(fds[1]), "child")
	mine := os.NewFile(uintptr(fds[0]), "mine")
	c, err := net.FileConn(mine)
	mine.Close()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), namespaceEnv+"="+loop, "GORACE=atexit_sleep_ms=0")
	cmd.ExtraFiles = []*os.File{child}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		// tcpdump wants to set its groups; only root may let it.
		GidMappingsEnableSetgroups: os.Getuid() == 0,
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("no user namespaces here (sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0): %v", err)
	}
	child.Close()
	n := &namespace{conn: c.(*net.UnixConn), pid: cmd.Process.Pid}
	t.Cleanup(func() {
		c.Close() // the child ends at the end of its orders
		if err := cmd.Wait(); err != nil {
			t.Errorf("namespace: %v: %s", err, stderr.String())
		}
	})
	if _, err := n.order("ready"); err != nil {
		t.Fatalf("namespace: %v", err)
	}
	return n
}

// order has the child do something and returns the descriptor it sends, or -1.
func (n *namespace) order(format string, args ...any) (int, error) {
	if _, err := fmt.Fprintf(n.conn, format, args...); err != nil {
		return -1, err
	}
	b, oob := make([]byte, 512), make([]byte, 64)
	bn, on, _, _, err := n.conn.ReadMsgUnix(b, oob)
	if err != nil {
		return -1, err
	}
	var errno int
	if _, err := fmt.Sscanf(string(b[:bn]), "errno %d", &errno); err == nil {
		return -1, unix.Errno(errno)
	}
	if s := string(b[:bn]); s != "ok" {
		return -1, fmt.Errorf("%q", s)
	}
	if on == 0 {
		return -1, nil
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:on])
	if err != nil {
		return -1, err
	}
	fds, err := unix.ParseUnixRights(&msgs[0])
	if err != nil {
		return -1, err
	}
	return fds[0], nil
}

func (n *namespace) Socket(domain, typ, proto int) (int, error) {
	return n.order("socket %d %d %d", domain, typ, proto)
}

// send has count UDP datagrams of size bytes sent over the namespace's loopback.
func (n *namespace) send(t *testing.T, count, size int) {
	t.Helper()
	if _, err := n.order("udp %d %d", count, size); err != nil {
		t.Fatalf("namespace: %v", err)
	}
}

func namespaceChild(loop string) error {
	if err := raiseLoopback(loop); err != nil {
		return err
	}
	f := os.NewFile(3, "orders")
	c, err := net.FileConn(f)
	if err != nil {
		return err
	}
	conn := c.(*net.UnixConn)
	b := make([]byte, 512)
	for {
		n, err := conn.Read(b)
		if n == 0 || err != nil {
			return nil // no more orders
		}
		fd, err := obey(string(b[:n]))
		answer, rights := "ok", []byte(nil)
		if errno, ok := err.(unix.Errno); ok {
			answer = fmt.Sprintf("errno %d", int(errno))
		} else if err != nil {
			answer = err.Error()
		} else if fd >= 0 {
			rights = unix.UnixRights(fd)
		}
		if _, _, err := conn.WriteMsgUnix([]byte(answer), rights, nil); err != nil {
			return err
		}
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}

func obey(order string) (int, error) {
	var a, b, c int
	if n, _ := fmt.Sscanf(order, "socket %d %d %d", &a, &b, &c); n == 3 {
		return unix.Socket(a, b, c)
	}
	if n, _ := fmt.Sscanf(order, "udp %d %d", &a, &b); n == 2 {
		return -1, sendUDP("127.0.0.1:7272", a, b)
	}
	var frame []byte
	if n, _ := fmt.Sscanf(order, "frame %x", &frame); n == 1 {
		return -1, sendFrame(frame)
	}
	var name, file string
	if n, _ := fmt.Sscanf(order, "tcpdump %s %s %d", &name, &file, &a); n == 3 {
		return -1, startTcpdump(name, file, a)
	}
	switch order {
	case "wait":
		err := running.Wait()
		running = nil
		return -1, err
	case "ready":
		return -1, nil
	case "up":
		return -1, setLoopback(namespaceLoop, unix.IFF_UP|unix.IFF_RUNNING)
	case "down":
		return -1, setLoopback(namespaceLoop, 0)
	}
	if args := strings.Fields(order); args[0] == "ip" {
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		if err != nil {
			return -1, fmt.Errorf("%w: %s", err, out)
		}
		return -1, nil
	}
	return -1, fmt.Errorf("what is %q", order)
}

// sendUDP sends datagrams to an address where somebody listens, so that no
// ICMP comes back.
func sendUDP(addr string, count, size int) error {
	l, err := net.ListenPacket("udp4", addr)
	if err != nil {
		return err
	}
	defer l.Close()
	c, err := net.Dial("udp4", l.LocalAddr().String())
	if err != nil {
		return err
	}
	defer c.Close()
	for i := range count {
		if _, err := c.Write([]byte(fmt.Sprintf("%0*d", size, i))); err != nil {
			return err
		}
	}
	return nil
}

// raiseLoopback renames the namespace's lo, and sets it up.
func raiseLoopback(loop string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var rename struct{ from, to [16]byte }
	copy(rename.from[:], "lo")
	copy(rename.to[:], loop)
	if loop == "lo" {
		return setLoopback(loop, unix.IFF_UP|unix.IFF_RUNNING)
	}
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCSIFNAME, uintptr(unsafe.Pointer(&rename))); errno != 0 {
		return fmt.Errorf("rename lo: %w", errno)
	}
	return setLoopback(loop, unix.IFF_UP|unix.IFF_RUNNING)
}

// running is the namespace's tcpdump.
var running *exec.Cmd

// startTcpdump returns when tcpdump listens; it ends after count packets.
func startTcpdump(name, file string, count int) error {
	cmd := exec.Command("tcpdump", "-Z", "root", "-B", "16384", "-i", name, "-w", file, "-c", fmt.Sprint(count))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	running = cmd
	// If it misses a packet it waits for ever.
	time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.Contains(lines.Text(), "listening on") {
			return nil
		}
		fmt.Fprintln(&said, lines.Text())
	}
	cmd.Wait()
	return fmt.Errorf("tcpdump: %s", said.String())
}

// sendFrame sends a whole Ethernet frame over loopback.
func sendFrame(frame []byte) error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: 1, Halen: 6})
}

func setLoopback(name string, flags uint16) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	req, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	req.SetUint16(flags)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req)
}
