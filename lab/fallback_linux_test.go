package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// restrict is how this test's program is asked to run another on a machine that
// refuses something: see restricted.
const restrict = "where-refused"

// refusal is a system call that a machine answers with an error, if its argument
// number arg is value, or has its bits.
type refusal struct {
	call  uint32
	arg   uint32
	value uint32
	errno unix.Errno
	bits  bool // value is some of its bits
}

// refusals are what systems, containers and sandboxes refuse.
var refusals = map[string]refusal{
	// Ubuntu 24.04, whose AppArmor lets everybody make user namespaces but with
	// no capability in them: the first call that needs one fails.
	"network setup": {unix.SYS_IOCTL, 1, unix.SIOCSIFMTU, unix.EPERM, false},
	// A container whose seccomp profile or capabilities leave them out.
	"packet sockets": {unix.SYS_SOCKET, 0, unix.AF_PACKET, unix.EPERM, false},
	// A kernel, or what stands in for one, that knows none of them.
	"the packet family": {unix.SYS_SOCKET, 0, unix.AF_PACKET, unix.EAFNOSUPPORT, false},
	"TPACKET_V3":        {unix.SYS_SETSOCKOPT, 2, unix.PACKET_VERSION, unix.EINVAL, false},
	// A container without CAP_NET_ADMIN over its own network.
	"TCP_REPAIR": {unix.SYS_SETSOCKOPT, 2, unix.TCP_REPAIR, unix.EPERM, false},
	"a ring":     {unix.SYS_SETSOCKOPT, 2, unix.PACKET_RX_RING, unix.ENOMEM, false},
	// A sandbox without a network.
	"internet sockets": {unix.SYS_SOCKET, 0, unix.AF_INET, unix.EACCES, false},
	// A container, a sysctl and a kernel without them.
	"user namespaces":               {unix.SYS_CLONE, 0, unix.CLONE_NEWUSER, unix.EPERM, true},
	"a number of user namespaces":   {unix.SYS_CLONE, 0, unix.CLONE_NEWUSER, unix.ENOSPC, true},
	"a kernel's user namespaces":    {unix.SYS_CLONE, 0, unix.CLONE_NEWUSER, unix.EINVAL, true},
	"network namespaces":            {unix.SYS_CLONE, 0, unix.CLONE_NEWNET, unix.EPERM, true},
	"a kernel's network namespaces": {unix.SYS_CLONE, 0, unix.CLONE_NEWNET, unix.EINVAL, true},
	// The mapping of the ring is the only one that is shared.
	"the ring's memory": {unix.SYS_MMAP, 3, unix.MAP_SHARED, unix.ENOMEM, false},
	"socket pairs":      {unix.SYS_SOCKETPAIR, 0, unix.AF_UNIX, unix.EPERM, false},
	// Android gives programs none.
	"netlink": {unix.SYS_SOCKET, 0, unix.AF_NETLINK, unix.EACCES, false},
}

// restricted runs the command that follows restrict and the name of a refusal in
// args, if they are there.
func restricted(args []string) bool {
	if len(args) < 3 || args[0] != restrict {
		return false
	}
	if err := refuse(refusals[args[1]], args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, restrict+":", err)
		os.Exit(125)
	}
	return true
}

// refuse runs args with a seccomp(2) filter.
func refuse(r refusal, args []string) error {
	// Offsets in struct seccomp_data of linux/seccomp.h; the argument's low half
	// comes first on the machines that Go runs on, but for s390x and the like.
	differs := bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: r.value, SkipTrue: 1}
	if r.bits {
		differs.Cond = bpf.JumpBitsNotSet
	}
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 0, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: r.call, SkipTrue: 3},
		bpf.LoadAbsolute{Off: 16 + 8*r.arg, Size: 4},
		differs,
		bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(r.errno)},
		bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW},
	})
	if err != nil {
		return err
	}
	file, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	// The filter is the thread's, and goes with it through execve(2).
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: (*unix.SockFilter)(unsafe.Pointer(&program[0]))}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&filter))); errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	return syscall.Exec(file, args, os.Environ())
}

// where gives the command on a machine that refuses something.
func where(refused string, cmd *exec.Cmd) *exec.Cmd {
	cmd.Args = append([]string{os.Args[0], restrict, refused}, cmd.Args...)
	cmd.Path = os.Args[0]
	return cmd
}

// Where neither a namespace nor the host's interfaces can be had, the scenario
// plays on the stack in user space, without a question, and says so; a stage that
// was asked for is not replaced.
func TestRunWithoutStage(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab := built(t)
	for _, tt := range []struct {
		name string
		why  string
		cmd  func(args ...string) *exec.Cmd
	}{
		{"no namespaces", "none allowed by user.max_user_namespaces", func(args ...string) *exec.Cmd {
			// Inside a user namespace that allows no further ones.
			return unprivileged(append([]string{"unshare", "-Ur", "sh", "-c",
				`echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"`, "sh", lab}, args...)...)
		}},
		{"namespaces without capabilities", "SIOCSIFMTU: operation not permitted", func(args ...string) *exec.Cmd {
			return where("network setup", unprivileged(append([]string{lab}, args...)...))
		}},
		{"no user to map", "make a network namespace: operation not permitted", func(args ...string) *exec.Cmd {
			// Inside a user namespace where nobody has a number.
			return unprivileged(append([]string{"unshare", "-U", lab}, args...)...)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			cmd := tt.cmd("run")
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v\n%s", err, stderr.String())
			}
			line := stderr.String()
			if !strings.HasPrefix(line, "stage userspace: ") || strings.Count(line, "\n") != 1 ||
				!strings.Contains(line, "not from a kernel") || !strings.Contains(line, tt.why) || !strings.Contains(line, "host stage: ") {
				t.Errorf("it says\n%s", line)
			}
			if !strings.Contains(stdout.String(), "Everything that can be as documented is so.") {
				t.Errorf("it ends with\n%s", stdout.String()[max(0, stdout.Len()-1000):])
			}
			for _, stage := range []string{"namespace", "host"} {
				var stderr strings.Builder
				cmd := tt.cmd("run", "--stage", stage)
				cmd.Stderr = &stderr
				err := cmd.Run()
				lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
				if cmd.ProcessState.ExitCode() != 2 || len(lines) != 2 ||
					!strings.HasPrefix(lines[0], "lab: "+stage+" stage: ") || !strings.HasPrefix(lines[1], "hint: ") {
					t.Errorf("--stage %s: %v\n%s", stage, err, stderr.String())
				}
			}
		})
	}
}

// Where no connection can be prepared the scenario plays all the same, and the table
// says what differs then, and why.
func TestRunUnprepared(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab := built(t)
	out, err := where("TCP_REPAIR", unprivileged(lab, "run", "--stage", "namespace", "--json")).Output()
	var r report
	if e := json.Unmarshal(out, &r); err != nil || e != nil {
		t.Fatalf("%v, %v\n%s", err, e, out)
	}
	if !strings.Contains(r.Unprepared, "TCP_REPAIR: operation not permitted") {
		t.Errorf("it says why: %q", r.Unprepared)
	}
	for _, name := range []string{"absolute_seq", "absolute_ack"} {
		if f := r.Fields[name]; f.Of != 19 || f.Must != 0 || f.Equal > 1 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := r.Fields["window"]; f.Of != 19 || f.Must != 1 {
		t.Errorf("window: %+v", f)
	}
	out, err = where("TCP_REPAIR", unprivileged(lab, "run", "--stage", "namespace")).Output()
	said := strings.Join(strings.Fields(string(out)), " ")
	if err != nil || !strings.Contains(said, "could not be brought about: TCP_REPAIR: operation not permitted.") ||
		!strings.Contains(said, "absolute seq 0/19 ~ each end begins") {
		t.Errorf("%v, it ends with\n%s", err, out[max(0, len(out)-2000):])
	}
}

// A stage is taken for all that it has, or not at all: where packets cannot be
// captured, whatever refuses it, every command goes on in user space and says
// why, for an ordinary user and for root.
func TestNoCapture(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab := built(t)
	for _, refused := range []string{"packet sockets", "the packet family", "TPACKET_V3", "a ring"} {
		for who, as := range map[string]func(args ...string) *exec.Cmd{
			"a user": unprivileged,
			"root":   func(args ...string) *exec.Cmd { return exec.Command(args[0], args[1:]...) },
		} {
			if who == "root" && os.Geteuid() != 0 {
				continue
			}
			t.Run(refused+" for "+who, func(t *testing.T) {
				command := func(args ...string) (*exec.Cmd, *strings.Builder) {
					cmd := where(refused, as(append([]string{lab}, args...)...))
					var stderr strings.Builder
					cmd.Stderr = &stderr
					return cmd, &stderr
				}
				stays := func(said string) {
					t.Helper()
					if line, _, _ := strings.Cut(said, "\n"); !strings.HasPrefix(line, "stage userspace: ") ||
						!strings.Contains(line, "host stage: lo: ") || !strings.Contains(line, "namespace stage: lo: ") {
						t.Errorf("it says\n%s", said)
					}
				}

				cmd, stderr := command("run", "--plain")
				if err := cmd.Run(); err != nil {
					t.Errorf("run: %v", err)
				}
				stays(stderr.String())

				cmd, stderr = command("serve", "--host", "127.0.0.1", "--chat", "0", "--page", "0")
				if _, err := served(t, cmd); err != nil {
					t.Errorf("serve: %v", err)
				}
				stays(stderr.String())

				dir := openDir(t)
				cmd, stderr = command("guide", "--chat", "0", "--page", "0", "--state", filepath.Join(dir, "state"), "--results", dir)
				if err := cmd.Run(); err != nil { // it has nothing to read, and ends
					t.Errorf("guide: %v\n%s", err, stderr.String())
				}

				for _, name := range []string{"namespace", "host"} {
					for _, do := range []string{"run", "serve", "guide"} {
						cmd, stderr := command(do, "--stage", name)
						err := cmd.Run()
						lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
						if cmd.ProcessState.ExitCode() != 2 || len(lines) != 2 ||
							!strings.HasPrefix(lines[0], "lab: "+name+" stage: lo: ") || !strings.HasPrefix(lines[1], "hint: ") {
							t.Errorf("%s --stage %s: %v\n%s", do, name, err, stderr.String())
						}
					}
				}
			})
		}
	}
}
