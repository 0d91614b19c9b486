package capture

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// The list is tcpdump's, but for the sources that are no network interfaces.
func TestInterfacesAsTcpdump(t *testing.T) {
	needTcpdump(t)
	theirs, err := exec.Command("tcpdump", "-D").Output()
	if err != nil {
		t.Skipf("tcpdump -D: %v", err)
	}
	list, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	var ours strings.Builder
	for _, i := range list {
		names[i.Name] = true
		fmt.Fprintf(&ours, "%s", i.Name)
		if i.Description != "" {
			fmt.Fprintf(&ours, " (%s)", i.Description)
		}
		fmt.Fprintf(&ours, " [%s]\n", i.Status())
	}
	var want strings.Builder
	for line := range strings.Lines(string(theirs)) {
		_, line, _ = strings.Cut(line, ".")
		if name, _, _ := strings.Cut(line, " "); names[name] {
			want.WriteString(line)
		}
	}
	if ours.String() != want.String() || !names["any"] {
		t.Errorf("ours:\n%stcpdump's:\n%s", ours.String(), want.String())
	}
}

// dropEnv has the test's binary drop its privileges and tell what is left.
const dropEnv = "CAPTURE_TEST_DROP"

func dropChild(name string) error {
	l, err := Open(Options{Interface: "lo"})
	if err != nil {
		return err
	}
	defer l.Close()
	if err := DropPrivileges(name); err != nil {
		return err
	}
	if err := sendUDP("127.0.0.1:0", 1, 1); err != nil {
		return err
	}
	var p Packet
	if err := l.Read(&p); err != nil {
		return err
	}
	if _, err := Open(Options{Interface: "lo"}); err == nil {
		return fmt.Errorf("still allowed to capture")
	}
	groups, err := os.Getgroups()
	fmt.Print(os.Getuid(), os.Getgid(), groups)
	return err
}

func TestDropPrivileges(t *testing.T) {
	needRaw(t)
	if os.Getuid() != 0 {
		t.Skip("changes the user: run as root")
	}
	for _, c := range []struct{ name, stdout, stderr string }{
		{"nobody", "65534 65534 [65534]", ""},
		{"no such user", "", "couldn't find user 'no such user'\n"},
	} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), dropEnv+"="+c.name)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		if (err == nil) != (c.stderr == "") || stdout.String() != c.stdout || stderr.String() != c.stderr {
			t.Errorf("%s: %v, stdout %q, stderr %q", c.name, err, stdout.String(), stderr.String())
		}
	}
}
