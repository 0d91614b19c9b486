package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// guideWith runs `lab guide` on free ports in user space, with nothing to read, and
// gives what it says on stderr.
func guideWith(cmd *exec.Cmd) (said string, status int) {
	cmd.Args = append(cmd.Args, "guide", "--stage", "userspace", "--chat", "0", "--page", "0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	_ = cmd.Run()
	return stderr.String(), cmd.ProcessState.ExitCode()
}

// Where no lesson can be kept that is one line, which names the place, and a second one,
// which names --state.
func TestGuideWithoutHome(t *testing.T) {
	lab := built(t)
	dir, err := os.MkdirTemp("", "home") // the test's own is not open to other users
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, mode := range map[string]os.FileMode{"": 0o755, "readonly": 0o555, "private": 0o700} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil && name != "" {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		env  []string
		want string
	}{
		{nil, "HOME is not set"},
		{[]string{"HOME="}, "HOME is not set"},
		{[]string{"HOME=/"}, "HOME is /"},
		{[]string{"HOME=here"}, "HOME is here"},
		{[]string{"HOME=", "XDG_STATE_HOME=here"}, "HOME is not set"}, // a relative one is to be ignored
		{[]string{"HOME=" + dir + "/none"}, dir + "/none/.local/state/chatlab: permission denied"},
		{[]string{"HOME=" + dir + "/readonly"}, dir + "/readonly/.local/state/chatlab: permission denied"},
		{[]string{"HOME=" + dir + "/private"}, dir + "/private/.local/state/chatlab: permission denied"},
		{[]string{"HOME=" + file}, file + "/.local/state/chatlab: not a directory"},
		{[]string{"HOME=/proc"}, "/proc/.local/state/chatlab: no such file or directory"},
		{[]string{"HOME=/", "XDG_STATE_HOME=" + dir + "/none"}, dir + "/none/chatlab: permission denied"},
	} {
		if strings.Contains(tt.want, "permission") && os.Geteuid() != 0 {
			continue // this user may
		}
		cmd := unprivileged(lab)
		cmd.Env = tt.env
		if tt.env == nil {
			cmd.Env = []string{"PATH=/"}
		}
		said, status := guideWith(cmd)
		lines := strings.SplitAfter(said, "\n")
		if status != exitFailed || len(lines) != 3 || !strings.HasPrefix(lines[0], "lab: ") ||
			!strings.HasSuffix(lines[0], tt.want+"\n") || !strings.HasPrefix(lines[1], "hint: ") || !strings.Contains(lines[1], "--state DIR") {
			t.Errorf("%q: status %d\n%s", tt.env, status, said)
		}
	}
}

// So is a disk that is full, when the lesson begins or later.
func TestGuideOnFullDisk(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab, dir := built(t), t.TempDir()
	for _, left := range []string{"0", "8192"} {
		said, status := guideWith(exec.Command("unshare", "-Urm", "sh", "-c", `
			mount -t tmpfs -o size=64k none "$1" || exit 77
			head -c $((65536 - $2)) /dev/zero >"$1/fill"
			lab=$3; dir=$1; shift 3
			exec "$lab" "$@" --state "$dir" </dev/null`, "sh", dir, left, lab))
		if status == 77 {
			t.Skip("no tmpfs can be mounted here")
		}
		lines := strings.SplitAfter(said, "\n")
		if status != exitFailed || len(lines) != 3 || !strings.HasSuffix(lines[0], "no space left on device\n") || !strings.Contains(lines[1], "--state DIR") {
			t.Errorf("%s bytes left: status %d\n%s", left, status, said)
		}
	}
}

// Two guides do not write one state: the second says who has it. However the first
// ends, the next one has it.
func TestGuideAlreadyOpen(t *testing.T) {
	lab, dir := built(t), t.TempDir()
	guide := func() *exec.Cmd {
		return exec.Command(lab, "guide", "--stage", "userspace", "--chat", "0", "--page", "0", "--state", dir)
	}
	for _, end := range []unix.Signal{unix.SIGTERM, unix.SIGKILL} {
		first := guide()
		stdin, err := first.StdinPipe() // it waits for what is typed
		if err != nil {
			t.Fatal(err)
		}
		stdout, err := first.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		out, err := guide().CombinedOutput()
		said := string(out)
		if err == nil || strings.Count(said, "\n") != 2 || !strings.Contains(said, fmt.Sprintf("%s is open in another guide (pid %d)\n", dir, first.Process.Pid)) || !strings.Contains(said, "--state DIR") {
			t.Errorf("%v\n%s", err, said)
		}
		first.Process.Signal(end)
		go io.Copy(io.Discard, stdout)
		_ = first.Wait()
		stdin.Close()
	}
	if out, err := guide().CombinedOutput(); err != nil || !strings.Contains(string(out), "Going on where you were") {
		t.Errorf("%v\n%s", err, out)
	}
}
