package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// needCapture skips where no packet socket can be had.
func needCapture(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("capturing takes privilege: run the test as root, or in a namespace: unshare -Urn")
	}
}

// listen gives a port of its own and a function that connects to it and closes.
func listen(t *testing.T) (port string, dial func()) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, func() {
		c, err := net.Dial("tcp4", l.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		c.Close()
	}
}

// start starts the command as a process of its own: it gives its privileges up.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, out, stderr *watched) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "SNIFFER_IS_MAIN=1")
	out, stderr = newWatched(), newWatched()
	cmd.Stdout, cmd.Stderr = out, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out, stderr
}

// TestLiveLikeTcpdump captures a handshake beside tcpdump, on one interface and
// on all of them.
func TestLiveLikeTcpdump(t *testing.T) {
	needTcpdump(t)
	needCapture(t)
	for _, device := range []string{"lo", "any"} {
		t.Run(device, func(t *testing.T) {
			port, dial := listen(t)
			args := []string{"-i" + device, "-nSAc3", "--immediate-mode", "tcp", "port", port}

			cmd := exec.Command("tcpdump", args...)
			theirs, theirTalk := newWatched(), newWatched()
			cmd.Stdout, cmd.Stderr = theirs, theirTalk
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			us, ours, ourTalk := start(t, args...)
			theirTalk.waitFor(t, "tcpdump to listen", contains("listening on"))
			ourTalk.waitFor(t, "us to listen", contains("listening on"))
			dial()
			if err := us.Wait(); err != nil {
				t.Fatalf("%v: %s", err, ourTalk)
			}
			if err := cmd.Wait(); err != nil {
				t.Fatalf("tcpdump: %v: %s", err, theirTalk)
			}
			// Each socket may have its own idea of when a packet passed.
			clock := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d\.\d{6} `)
			if got, want := clock.ReplaceAllString(ours.String(), ""), clock.ReplaceAllString(theirs.String(), ""); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			// The counts of loopback packets that were received differ: tcpdump's
			// kernel counts each twice.
			head := func(s string) string {
				s, _, _ = strings.Cut(strings.ReplaceAll(s, "tcpdump: ", "sniffer: "), "packets received")
				return regexp.MustCompile(`\d+ $`).ReplaceAllString(s, "")
			}
			if got, want := head(ourTalk.String()), head(theirTalk.String()); got != want {
				t.Errorf("stderr:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// TestPrivileges: a capture that root has started runs as somebody else.
func TestPrivileges(t *testing.T) {
	needCapture(t)
	for _, args := range [][]string{{"-i", "lo", "-w", "-"}, {"-i", "lo", "-Z", "nobody"}} {
		us, _, stderr := start(t, args...)
		stderr.waitFor(t, "us to listen", contains("listening on"))
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", us.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"\nUid:\t65534\t65534\t65534\t65534\n", "\nCapEff:\t0000000000000000\n"} {
			if !strings.Contains(string(status), line) {
				t.Errorf("%q: no %q in\n%s", args, line, status)
			}
		}
		us.Process.Signal(os.Interrupt)
		if err := us.Wait(); err != nil {
			t.Errorf("%q: %v: %s", args, err, stderr)
		}
	}
}

// TestInterrupt: what was captured so far is printed and counted, exit status 0.
func TestInterrupt(t *testing.T) {
	needCapture(t)
	port, dial := listen(t)
	us, out, stderr := start(t, "-i", "lo", "-n", "tcp port "+port)
	stderr.waitFor(t, "us to listen", contains("listening on"))
	dial()
	out.waitFor(t, "the end of the connection", func(s string) bool { return strings.Count(s, "Flags [F.]") == 1 })
	us.Process.Signal(os.Interrupt)
	if err := us.Wait(); err != nil {
		t.Errorf("%v: %s", err, stderr)
	}
	lines := strings.Count(out.String(), " IP ")
	if !strings.HasSuffix(out.String(), "\n\n") {
		t.Errorf("no line for what the terminal echoed: %q", out.String())
	}
	if want := fmt.Sprintf("\n%d packets captured\n%d packets received by filter\n0 packets dropped by kernel\n", lines, lines); !strings.HasSuffix(stderr.String(), want) {
		t.Errorf("stderr %q, want %q at its end", stderr.String(), want)
	}
}

func TestNoSuchInterface(t *testing.T) {
	needCapture(t)
	for args, want := range map[string]string{
		"-i nope0": "sniffer: nope0: No such device exists\nhint: sniffer -D lists the interfaces\n",
		"-i 9999":  "sniffer: Invalid adapter index\nhint: sniffer -D lists the interfaces\n",
	} {
		if code, out, stderr := sniffer(t, nil, strings.Fields(args)...); code != 1 || out != "" || stderr != want {
			t.Errorf("%s: status %d, stdout %q, stderr %q", args, code, out, stderr)
		}
	}
}
