package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// host is a machine of a test's own: a network namespace.
type host string

// classroom is a teacher's machine and two others, on one network, a bridge.
type classroom struct {
	teacher host
	// others have ten addresses and more each, as many machines have together.
	others [2]host
}

// seats is how many addresses each of the others has.
const seats = 15

// seat gives the address of one of them, from 0.
func seat(other, n int) string { return fmt.Sprintf("10.72.72.%d", 10+seats*other+n) }

// newClassroom makes the hosts and the network between them. The teacher's has the
// addresses 10.72.72.1 and 2001:db8:72::1, that of an interface with nothing at its other
// end, and what file hosts says of names.
func newClassroom(t *testing.T, hosts string) classroom {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("hosts and a network between them take root: sudo env PATH=$PATH go test ./lab -run Class")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip is not here (Debian: apt-get install iproute2)")
	}
	sweep()
	add := func(kind string) host {
		h := host(fmt.Sprintf("chatlab-%s-%d", kind, os.Getpid()))
		if out, err := exec.Command("ip", "netns", "add", string(h)).CombinedOutput(); err != nil {
			t.Skipf("ip netns add: %s: allow network namespaces", out)
		}
		t.Cleanup(h.remove)
		return h
	}
	hub := add("hub")
	c := classroom{teacher: add("teacher"), others: [2]host{add("others"), add("more")}}
	wires := "link add hub type bridge\nlink set hub up\n"
	for i, h := range []host{c.teacher, c.others[0], c.others[1]} {
		wires += fmt.Sprintf("link add port%d type veth peer name wire netns %s\nlink set port%d master hub up\n", i, h, i)
	}
	if out, err := hub.ip(wires); err != nil {
		t.Skipf("a bridge: %s: modprobe bridge veth", out)
	}
	here := "link add idle type veth peer name unplugged\naddress add 10.1.0.1/16 dev idle\nlink set idle up\n" +
		"address add 10.72.72.1/24 dev wire\naddress add 2001:db8:72::1/64 dev wire nodad\n"
	setup := map[host]string{c.teacher: here}
	for i, h := range c.others {
		setup[h] = fmt.Sprintf("address add 2001:db8:72::1%d/64 dev wire nodad\n", i)
		for n := range seats {
			setup[h] += "address add " + seat(i, n) + "/24 dev wire\n"
		}
	}
	for h, commands := range setup {
		if out, err := h.ip(commands + "link set wire up\nlink set lo up\n"); err != nil {
			t.Fatalf("%s: %v: %s", h, err, out)
		}
	}
	// ip-netns(8) puts these files in the place of those in /etc.
	etc := filepath.Join("/etc/netns", string(c.teacher))
	if err := os.MkdirAll(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"hosts": hosts, "resolv.conf": ""} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

var left = regexp.MustCompile(`\bchatlab-(?:hub|teacher|others|more)-([0-9]+)\b`)

// sweep removes the hosts of tests that were killed.
func sweep() {
	out, _ := exec.Command("ip", "netns", "list").Output()
	for _, m := range left.FindAllStringSubmatch(string(out), -1) {
		if _, err := os.Stat("/proc/" + m[1]); err != nil {
			host(m[0]).remove()
		}
	}
}

func (h host) remove() {
	exec.Command("ip", "netns", "del", string(h)).Run()
	os.RemoveAll(filepath.Join("/etc/netns", string(h)))
	os.Remove("/etc/netns") // if nothing else is in it
}

// ip has ip(8) run commands on the host, a line each.
func (h host) ip(commands string) (said []byte, err error) {
	cmd := exec.Command("ip", "-netns", string(h), "-batch", "-")
	cmd.Stdin = strings.NewReader(commands)
	return cmd.CombinedOutput()
}

// on gives the command that runs args on the host, as a user whose only rights are rights.
func (h host) on(rights string, args ...string) *exec.Cmd {
	cmd := exec.Command("ip", append([]string{"netns", "exec", string(h),
		"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
		"--bounding-set=-all" + rights, "--inh-caps=-all" + rights, "--ambient-caps=-all" + rights}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it starts ends with it
	return cmd
}

// enter does something in the host's network.
func (h host) enter(do func() error) error {
	done := make(chan error)
	go func() {
		// A thread that has been in a namespace is of no use to others: it ends
		// with its goroutine.
		runtime.LockOSThread()
		f, err := os.Open("/run/netns/" + string(h))
		if err == nil {
			defer f.Close()
			err = unix.Setns(int(f.Fd()), unix.CLONE_NEWNET)
		}
		if err == nil {
			err = do()
		}
		done <- err
	}()
	return <-done
}

// dialer connects from an address of the host, or from "", any.
func (h host) dialer(from string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (c net.Conn, err error) {
		var d net.Dialer
		if from != "" {
			d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
		}
		// To an address, not a name: no other goroutine takes part.
		err = h.enter(func() (err error) {
			c, err = d.DialContext(ctx, network, address)
			return err
		})
		return c, err
	}
}
