package main

import (
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chatlab/lab/fault"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// english gives no environment: English texts, 80 columns.
func english(string) string { return "" }

// played gives what lab fault prints of a fault.
func playedFault(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr strings.Builder
	out := &terminal{stdout: &stdout, stderr: &stderr, getenv: english}
	if status, err := playFault(t.Context(), args, strings.NewReader(""), out); err != nil || status != exitRight {
		t.Fatalf("status %d, %v\n%s", status, err, stderr.String())
	}
	return stdout.String()
}

// A fault's text is the same each time, its packets and its comments.
func TestFaultsAreTheSameEachTime(t *testing.T) {
	for _, f := range fault.All {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join("testdata", "fault", f.Name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(playedFault(t, f.Name)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got := playedFault(t, f.Name); got != string(want) {
					t.Fatalf("other than %s:\n%s", golden, got)
				}
			}
		})
	}
}

// tcpdump prints the same lines of a fault's file.
func TestTcpdumpPrintsFaultsAlike(t *testing.T) {
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("tcpdump is not here (Debian: apt-get install tcpdump)")
	}
	for _, f := range fault.All {
		file := filepath.Join(t.TempDir(), "f.pcap")
		ours := playedFault(t, f.Name, "--plain", "-w", file)
		cmd := exec.Command(tcpdump, "-An", "-r", file)
		cmd.Env = append(os.Environ(), "TZ=Asia/Shanghai")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		// The earlier browser's packets before the newcomer's first are not shown.
		theirs := string(out)
		theirs = theirs[regexp.MustCompile(`(?m)^\S+ IP 127\.0\.0\.1\.60653 > `).FindStringIndex(theirs)[0]:]
		if theirs = regexp.MustCompile(`\n+`).ReplaceAllString(theirs, "\n"); ours != theirs {
			t.Errorf("%s: tcpdump prints\n%s\nand the lab\n%s", f.Name, theirs, ours)
		}
	}
}

// On a kernel the same is to be seen.
func TestFaultsOnAKernel(t *testing.T) {
	if why := namespaces(); why != "" {
		t.Skip(why)
	}
	const client, server = `IP 127\.0\.0\.1\.60653 > 127\.0\.0\.1\.7272: `, `IP 127\.0\.0\.1\.7272 > 127\.0\.0\.1\.60653: `
	for name, want := range map[string][]string{
		// A Close frame of the server with 1002, 0x03ea, and its FIN.
		"no-mask":     {server + `Flags \[P\.\], .* length 18\n(.*\n)*.*\.\.protocol error`, server + `Flags \[F\.\]`, client + `Flags \[F\.\]`},
		"rst":         {client + `Flags \[R\.\]`, `"type":"logout"`},
		"zero-window": {client + `Flags \[\.\], .* win 0,`, server + `Flags \[\.\], ack \d+, win`, client + `Flags \[\.\], ack \d+, win [1-9]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := playedFault(t, name, "--plain", "--stage", "namespace")
			for _, pattern := range want {
				if !regexp.MustCompile(pattern).MatchString(got) {
					t.Errorf("no %s in\n%s", pattern, got)
				}
			}
		})
	}
}

// What cannot be played is said in one line.
func TestFaultErrors(t *testing.T) {
	for args, want := range map[string]string{
		"":                           "fault needs the name of one fault",
		"rst ping":                   "fault needs the name of one fault",
		"no-masks":                   "lab fault no-mask",
		"gravity":                    "“lab fault list” names them",
		"lost-ack --stage namespace": "leave --stage out",
		"lost-ack --stage host":      "userspace",
	} {
		var stderr strings.Builder
		status := run(context.Background(), append([]string{"fault"}, strings.Fields(args)...), io.Discard, &stderr, english)
		if status != exitFailed || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d\n%s", args, status, stderr.String())
		}
	}
}
