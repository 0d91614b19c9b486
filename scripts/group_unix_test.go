//go:build unix

package scripts

import (
	"os/exec"
	"syscall"
)

// endGroup has cancelling cmd interrupt all that it started.
func endGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
