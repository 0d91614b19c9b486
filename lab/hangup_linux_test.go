package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A terminal that goes away ends every command as Ctrl-C does, with what it captured
// written; under nohup it goes on, as tcpdump does.
func TestTerminalGoesAway(t *testing.T) {
	lab, dir := built(t), t.TempDir()
	rooms := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", rooms, "../sniffer", "../chatserver", "../webclient").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program := func(name string) string { return filepath.Join(rooms, name) }
	captured := filepath.Join(dir, "run.pcap")
	// A signal that is caught here is at its default in who is started (execve(2)), also
	// if this test itself runs under nohup.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, unix.SIGHUP)
	defer signal.Stop(caught)
	for _, tt := range []struct {
		name  string
		args  []string
		until string // it says this when it runs
		kept  string // a file that is whole then
	}{
		{"run", []string{lab, "run", "--stage", "userspace", "--pace", "documented", "--with-earlier", "-w", captured}, "[S.]", captured},
		{"serve", []string{lab, "serve", "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0"}, "Ctrl-C", ""},
		{"guide", []string{lab, "guide", "--stage", "userspace", "--chat", "0", "--page", "0", "--state", dir}, "> ", filepath.Join(dir, "guide.json")},
		{"chatserver", []string{program("chatserver"), "--listen", "127.0.0.1:0"}, "listening on", ""},
		{"webclient", []string{program("webclient"), "--listen", "127.0.0.1:0"}, "http://", ""},
		{"sniffer", []string{"unshare", "-Urn", program("sniffer"), "-i", "any", "-w", filepath.Join(dir, "lo.pcap")}, "listening on", filepath.Join(dir, "lo.pcap")},
	} {
		for _, nohup := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, nohup %t", tt.name, nohup), func(t *testing.T) {
				if why := namespaces(); why != "" && tt.name == "sniffer" {
					t.Skip(why)
				}
				args := tt.args
				if nohup {
					args = append([]string{"sh", "-c", `trap "" HUP; exec "$@"`, "sh"}, args...)
				}
				cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
				cmd.Env = append(os.Environ(), "NO_COLOR=1", "LC_ALL=C")
				terminal, err := pty.Start(cmd)
				if err != nil {
					t.Skipf("no pseudoterminals: %v", err)
				}
				defer terminal.Close()
				var said strings.Builder
				for in := bufio.NewReader(terminal); !strings.Contains(said.String(), tt.until); {
					r, _, err := in.ReadRune()
					if err != nil {
						t.Fatalf("%v\n%s", err, said.String())
					}
					said.WriteRune(r)
				}
				var last bytes.Buffer
				if nohup {
					if hup := ignores(t, cmd.Process.Pid, unix.SIGHUP); !hup {
						t.Error("it does not ignore SIGHUP")
					}
					go io.Copy(&last, terminal)
					if err := cmd.Process.Signal(unix.SIGTERM); err != nil {
						t.Error(err)
					}
				} else if err := terminal.Close(); err != nil {
					t.Error(err)
				}
				// SIGQUIT has a program of Go's say where it is.
				late := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Signal(unix.SIGQUIT) })
				_ = cmd.Wait()
				if !late.Stop() {
					t.Errorf("it did not end\n%s", &last)
				}
				if status := cmd.ProcessState.ExitCode(); status < 0 {
					t.Errorf("it ends with %v", cmd.ProcessState)
				}
				if tt.kept == "" {
					return
				}
				if kept, err := os.ReadFile(tt.kept); err != nil || len(kept) < 24 {
					t.Errorf("it leaves %d bytes, %v", len(kept), err)
				}
				_ = os.Remove(tt.kept)
			})
		}
	}
}

// ignores tells whether a process ignores a signal (proc_pid_status(5)).
func ignores(t *testing.T, pid int, s unix.Signal) bool {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	ignored := regexp.MustCompile(`SigIgn:\s*([0-9a-f]+)`).FindSubmatch(status)
	mask, err := strconv.ParseUint(string(ignored[1]), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return mask&(1<<(s-1)) != 0
}
