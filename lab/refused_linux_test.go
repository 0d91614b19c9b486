package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a machine refuses, every command takes the best stage that serves, or says in
// one line why none does; and nothing panics. What was asked for is not replaced.
func TestRefused(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	lab := built(t)
	root := func(args ...string) *exec.Cmd { return exec.Command(args[0], args[1:]...) }
	// hidden runs a command in a mount namespace in which a script has changed something.
	hidden := func(script string) func(as func(...string) *exec.Cmd, args ...string) *exec.Cmd {
		return func(as func(...string) *exec.Cmd, args ...string) *exec.Cmd {
			return as(append([]string{"unshare", "-Urm", "sh", "-c", script + ` && exec "$@"`, "sh"}, args...)...)
		}
	}
	refuses := func(what string) func(as func(...string) *exec.Cmd, args ...string) *exec.Cmd {
		return func(as func(...string) *exec.Cmd, args ...string) *exec.Cmd { return where(what, as(args...)) }
	}
	for _, tt := range []struct {
		name string
		on   func(as func(...string) *exec.Cmd, args ...string) *exec.Cmd
		why  string // there is no namespace stage; "": there is
	}{
		{"user namespaces", refuses("user namespaces"), "operation not permitted"},
		{"a number of user namespaces", refuses("a number of user namespaces"), "none allowed by user.max_user_namespaces"},
		{"a kernel's user namespaces", refuses("a kernel's user namespaces"), "invalid argument"},
		{"network namespaces", refuses("network namespaces"), "operation not permitted"},
		{"a kernel's network namespaces", refuses("a kernel's network namespaces"), "invalid argument"},
		{"the ring's memory", refuses("the ring's memory"), "cannot allocate memory"},
		{"socket pairs", refuses("socket pairs"), "operation not permitted"},
		{"netlink", refuses("netlink"), ""},
		{"its settings", hidden("mount -o bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys"), "read-only file system"},
		{"/proc", hidden("mount -t tmpfs none /proc"), "no such file or directory"},
	} {
		for who, as := range map[string]func(args ...string) *exec.Cmd{"a user": unprivileged, "root": root} {
			if who == "root" && os.Geteuid() != 0 {
				continue
			}
			t.Run(tt.name+" for "+who, func(t *testing.T) {
				if who != "root" { // whose packets may be on the ports of the machine itself
					t.Parallel()
				}
				command := func(args ...string) (*exec.Cmd, *strings.Builder) {
					cmd := tt.on(as, append([]string{lab}, args...)...)
					var stderr strings.Builder
					cmd.Stderr = &stderr
					return cmd, &stderr
				}
				said := func(what string, stderr *strings.Builder, lines int) {
					t.Helper()
					if s := stderr.String(); strings.Count(s, "\n") != lines || strings.Contains(s, "goroutine") {
						t.Errorf("%s says\n%s", what, s)
					}
				}
				cmd, stderr := command("run", "--json", "--lang", "en")
				if err := cmd.Run(); err != nil {
					t.Errorf("run: %v\n%s", err, stderr)
				}
				cmd, stderr = command("run", "--lang", "en", "-w", os.DevNull)
				_ = cmd.Run()
				why := tt.why
				if who == "root" && strings.HasSuffix(tt.name, "user namespaces") {
					why = "" // root needs none of them for a network namespace
				}
				if line := stderr.String(); !strings.HasPrefix(line, "stage ") || strings.HasPrefix(line, "stage namespace") != (why == "") || !strings.Contains(line, why) {
					t.Errorf("run says\n%s", line)
				}

				cmd, stderr = command("run", "--plain", "--stage", "namespace", "--lang", "fr")
				_ = cmd.Run()
				if status := cmd.ProcessState.ExitCode(); why != "" {
					said("run --stage namespace", stderr, 2)
					if status != exitFailed {
						t.Errorf("run --stage namespace ends with %d", status)
					}
				} else if status != exitRight {
					t.Errorf("run --stage namespace ends with %d\n%s", status, stderr)
				}

				cmd, stderr = command("serve", "--chat", "0", "--page", "0", "--lang", "zh")
				if _, err := served(t, cmd); err != nil {
					t.Errorf("serve: %v\n%s", err, stderr)
				}
				said("serve", stderr, 1)

				dir := openDir(t)
				cmd, stderr = command("guide", "--chat", "0", "--page", "0", "--state", filepath.Join(dir, "state"), "--results", dir)
				if err := cmd.Run(); err != nil { // it has nothing to read, and ends
					t.Errorf("guide: %v\n%s", err, stderr)
				}
			})
		}
	}
}
