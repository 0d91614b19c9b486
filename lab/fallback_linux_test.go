package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// restrict is how this test's program is asked to run another without the right
// to set up a network: see restricted.
const restrict = "without-network-setup"

// restricted runs the command that follows restrict in args, if that is there,
// as on Ubuntu 24.04, whose AppArmor lets everybody make user namespaces but
// with no capability in them: the first call that needs one fails with EPERM. A
// seccomp(2) filter answers it so here.
func restricted(args []string) bool {
	if len(args) < 2 || args[0] != restrict {
		return false
	}
	if err := denyNetworkSetup(args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, restrict+":", err)
		os.Exit(125)
	}
	return true
}

func denyNetworkSetup(args []string) error {
	// Offsets in struct seccomp_data of linux/seccomp.h; the argument's low half
	// comes first on the machines that Go runs on, but for s390x and the like.
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 0, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SYS_IOCTL, SkipTrue: 3},
		bpf.LoadAbsolute{Off: 24, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SIOCSIFMTU, SkipTrue: 1},
		bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
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

// Where neither a namespace nor the host's interfaces can be had, the scenario
// plays on the stack in user space, without a question, and says so; a stage that
// was asked for is not replaced.
func TestRunWithoutStage(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab, self := built(t), os.Args[0]
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
		{"namespaces without capabilities", "set the loopback's mtu: operation not permitted", func(args ...string) *exec.Cmd {
			cmd := unprivileged(append([]string{lab}, args...)...)
			cmd.Args = append([]string{self, restrict}, cmd.Args...)
			cmd.Path = self
			return cmd
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
