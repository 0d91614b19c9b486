package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const documented = "tcpdump/testdata/documented.pcap"

func TestMain(m *testing.M) {
	if os.Getenv("SNIFFER_IS_MAIN") != "" {
		main()
	}
	// Both sides of a comparison print the same zone's times.
	os.Setenv("TZ", "UTC")
	os.Setenv("LC_ALL", "C")
	time.Local = time.UTC
	os.Exit(m.Run())
}

func needTcpdump(t *testing.T) {
	t.Helper()
	out, err := exec.Command("tcpdump", "--version").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("tcpdump version 4.99.")) {
		t.Skip("tcpdump 4.99 is not installed: apt-get install tcpdump")
	}
}

func noEnvironment(string) string { return "" }

// sniffer runs the command in this process.
func sniffer(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, notices bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	code = run(ctx, args, environment{stdin: stdin, stdout: &out, stderr: &notices, getenv: noEnvironment})
	return code, out.String(), notices.String()
}

// realTcpdump runs the other one. Its own name becomes ours.
func realTcpdump(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tcpdump", args...)
	var out, notices bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &notices
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), strings.ReplaceAll(notices.String(), "tcpdump: ", "sniffer: ")
}

// files makes captures of the documented one: cut off, and foreign.
func files(t *testing.T) (cut, foreign, empty string) {
	t.Helper()
	whole, err := os.ReadFile(documented)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cut, foreign, empty = filepath.Join(dir, "cut.pcap"), filepath.Join(dir, "foreign"), filepath.Join(dir, "empty.pcap")
	for name, b := range map[string][]byte{cut: whole[:1000], foreign: []byte("no capture, but longer than a header is"), empty: nil} {
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return cut, foreign, empty
}

// TestLikeTcpdump gives both the same words: stdout, stderr and the exit status
// are to be the same.
func TestLikeTcpdump(t *testing.T) {
	needTcpdump(t)
	cut, foreign, empty := files(t)
	for _, line := range []string{
		"-r " + documented,
		"-nr " + documented,
		"-nr" + documented,
		"-Ans 4096 -r " + documented + " port 7272",
		"-Ans4096 -r " + documented + " port 60653 and tcp[tcpflags] & tcp-push != 0",
		"-XAns 4096 -r " + documented,
		"-nnvvvXXSe#tttt -r " + documented,
		"-n -r " + documented + " -c 3",
		"-n -r " + documented + " -c3 src port 7272",
		"port 60653 -n -r " + documented,
		"-n -r " + documented + " -- port 60653",
		"-nr " + documented + " --number --nano -ttt",
		"-nr " + documented + " --time-stamp-precision=nano -tt",
		"-nr " + documented + " --time-stamp-precision nano --micro",
		"-nr " + documented + " --absolute-tcp-sequence-numbers --dont-verify-checksums -v",
		"-nr " + documented + " --abs --num",
		"--count -r " + documented,
		"--count -nr " + documented + " dst port 7272",
		"--count --print -nr " + documented + " dst port 7272",
		"-nlU -r " + documented,
		"-qbuHONp -r " + documented, "-f -r " + documented,
		"-r " + cut, "-nr " + cut + " port 7272", "--count -r " + cut,
		"-r " + foreign, "-r " + empty, "-r /nonexistent/file", "-r /",
		"-nr " + documented + " -c 0", "-nr " + documented + " -c x", "-nr " + documented + " -c -1",
		"-nr " + documented + " -c 3x", "-nr " + documented + " -c +3", "-c1e -r " + documented, "-nr " + documented + " -c 0x3",
		"-nr " + documented + " -c 99999999999", "-nr " + documented + " -c 4294967296", "-nr " + documented + " -c 2147483648",
		"-nr " + documented + " -B 7x", "-nr " + documented + " -B 0", "-nr " + documented + " -B 0x10",
		"-nr " + documented + " -s 0x40", "-nr " + documented + " -s 010", "-nr " + documented + " -s 0", "-nr " + documented + " -s 08",
		"-nr " + documented + " -s 0x", "-nr " + documented + " -s 64k", "-nr " + documented + " -s 99999999999999999999",
		"-nr " + documented + " -s -1", "-nr " + documented + " -s 262145", "-nr " + documented + " -s 100",
		"-tttttt -r " + documented,
		"-nr " + documented + " -F /nonexistent/filter",
		"-nr " + documented + " -w /nonexistent/out",
		"-nr " + documented + " -w -",
		"-nr " + documented + " -c 2 -w - --nano",
		"-nr " + documented + " --print -w /dev/null",
		"-nr " + documented + " --count --print -c 5 -w /dev/null",
		"-nr " + documented + " --count -c 5 -w /dev/null",
		"-L -r " + documented,
	} {
		t.Run(line, func(t *testing.T) {
			args := strings.Fields(line)
			code, out, stderr := sniffer(t, nil, args...)
			wantCode, wantOut, wantStderr := realTcpdump(t, nil, args...)
			if out != wantOut {
				t.Errorf("stdout:\n%q\nwant:\n%q", out, wantOut)
			}
			if code != wantCode {
				t.Errorf("status %d, want %d", code, wantCode)
			}
			// A hint may follow what tcpdump says.
			if stderr, _, _ = strings.Cut(stderr, "hint: "); stderr != wantStderr {
				t.Errorf("stderr:\n%s\nwant:\n%s", stderr, wantStderr)
			}
		})
	}
}

// TestWrongFlags: one line that names the flag, a hint with the nearest one, and
// tcpdump's exit status.
func TestWrongFlags(t *testing.T) {
	for _, tt := range []struct{ args, line, hint string }{
		{"-a", "invalid option -- 'a'", "did you mean -A? sniffer -h lists all flags"},
		{"-nP", "invalid option -- 'P'", "did you mean -p? sniffer -h lists all flags"},
		{"-7", "invalid option -- '7'", "sniffer -h lists all flags"},
		{"--cuont", "unrecognized option '--cuont'", "did you mean --count? sniffer -h lists all flags"},
		{"--web-socket", "unrecognized option '--web-socket'", "did you mean --websocket? sniffer -h lists all flags"},
		{"--number=3", "option '--number' doesn't allow an argument", ""},
		{"--n", "option '--n' is ambiguous; possibilities: '--nano' '--number' '--no-optimize' '--no-promiscuous-mode'", ""},
		{"-r", "option requires an argument -- 'r'", "sniffer -h lists all flags"},
		{"-Ans", "option requires an argument -- 's'", "sniffer -h lists all flags"},
		{"--interface", "option '--interface' requires an argument", "sniffer -h lists all flags"},
		{"-G 5", "tcpdump's -G is not supported", "sniffer -h lists all flags"},
		{"--monitor-mode", "tcpdump's -I is not supported", "sniffer -h lists all flags"},
		{"--time-stamp-precision pico -r x", "unable to parse time stamp precision pico", "micro or nano"},
		{"-Q up -r x", "unknown capture direction 'up'", "in, out or inout"},
	} {
		code, out, stderr := sniffer(t, nil, strings.Fields(tt.args)...)
		want := "sniffer: " + tt.line + "\n"
		if tt.hint != "" {
			want += "hint: " + tt.hint + "\n"
		}
		if code != 1 || out != "" || stderr != want {
			t.Errorf("%s: status %d, stdout %q, stderr:\n%s\nwant:\n%s", tt.args, code, out, stderr, want)
		}
	}
}

func TestWrongExpression(t *testing.T) {
	code, out, stderr := sniffer(t, nil, "-nr", documented, "port", "80", "and", "prot", "7272")
	_, stderr, _ = strings.Cut(stderr, "\n")
	lines := strings.Split(stderr, "\n")
	if code != 1 || out != "" || len(lines) != 4 || !strings.HasPrefix(lines[0], "sniffer: can't parse filter expression: ") ||
		lines[1] != "port 80 and prot 7272" || lines[2] != "            ^^^^" {
		t.Errorf("status %d, stdout %q, stderr:\n%s", code, out, stderr)
	}
}

// A conversation that is not there is told of; else nothing would be printed.
func TestFollowNone(t *testing.T) {
	for args, want := range map[string]string{
		"--follow 1":                      "",
		"--follow 2":                      "sniffer: no conversation 2: 2 TCP conversations were seen, numbered from 0\n",
		"--follow 1 port 60584 --lang fr": "sniffer: pas de conversation 1\u00a0: 1 conversation TCP vue, à partir du numéro 0\n",
	} {
		code, out, stderr := sniffer(t, nil, append([]string{"-nr", documented}, strings.Fields(args)...)...)
		_, stderr, _ = strings.Cut(stderr, "\n")
		if code != 0 || stderr != want || (out == "") != (want != "") {
			t.Errorf("%s: status %d, stdout %q, stderr %q", args, code, out, stderr)
		}
	}
}

func TestReadFromPipe(t *testing.T) {
	b, err := os.ReadFile(documented)
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ := sniffer(t, nil, "-nr", documented)
	code, out, stderr := sniffer(t, bytes.NewReader(b), "-nr", "-")
	if code != 0 || out != want || !strings.HasPrefix(stderr, "reading from file -, link-type EN10MB") {
		t.Errorf("status %d, stderr %q, stdout:\n%s", code, stderr, out)
	}
}

// TestWriteAndReadAgain: what -w has written prints as what it was read from.
func TestWriteAndReadAgain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out.pcap")
	if code, out, stderr := sniffer(t, nil, "-r", documented, "-w", name, "port", "60653"); code != 0 || out != "" {
		t.Fatalf("status %d, stdout %q, stderr %q", code, out, stderr)
	}
	_, want, _ := sniffer(t, nil, "-nXr", documented, "port", "60653")
	if _, out, _ := sniffer(t, nil, "-nXr", name); out != want || out == "" {
		t.Errorf("got:\n%s\nwant:\n%s", out, want)
	}
}

// shortPipe is a reader's end that goes away.
type shortPipe struct{ left int }

func (s *shortPipe) Write(b []byte) (int, error) {
	if s.left -= len(b); s.left < 0 {
		return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
	}
	return len(b), nil
}

func TestClosedPipe(t *testing.T) {
	for _, flags := range []string{"-n", "-nl", "-nA", "-w-"} {
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{flags, "-r", documented}, environment{stdout: &shortPipe{100}, stderr: &stderr, getenv: noEnvironment}); code != 0 {
			t.Errorf("%s: status %d", flags, code)
		}
		if lines := strings.Count(stderr.String(), "\n"); lines != 1 {
			t.Errorf("%s: stderr %q", flags, stderr.String())
		}
	}
}

// TestInterruptWhileWaiting: what has come is printed, and Ctrl-C ends it
// although the pipe it reads is silent.
func TestInterruptWhileWaiting(t *testing.T) {
	b, err := os.ReadFile(documented)
	if err != nil {
		t.Fatal(err)
	}
	in, feed := io.Pipe()
	defer feed.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	out, stderr := newWatched(), newWatched()
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"-nr", "-"}, environment{stdin: in, stdout: out, stderr: stderr, getenv: noEnvironment})
	}()
	if _, err := feed.Write(b); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "what has come", func(s string) bool { return strings.Count(s, "\n") == 34 })
	interrupt()
	select {
	case code := <-done:
		if code != 0 {
			t.Errorf("status %d: %s", code, stderr)
		}
	case <-time.After(time.Minute):
		t.Fatal("still waiting")
	}
}

// What stands behind the end of compressed data hides no packet, and is told.
func TestBytesBehindGzip(t *testing.T) {
	code, out, stderr := sniffer(t, nil, "--count", "-nr", "testdata/gz_junk.pcap.gz")
	if code != 1 || out != "13 packets\n" || !strings.HasSuffix(stderr, "\nsniffer: error reading dump file: bytes after the end of the compressed data\n") {
		t.Errorf("status %d, %s%s", code, out, stderr)
	}
}

// TestCutLikeTcpdump: every whole packet of a pcapng file that is cut off is
// printed, and the end is told in tcpdump's words.
func TestCutLikeTcpdump(t *testing.T) {
	needTcpdump(t)
	whole, err := os.ReadFile("testdata/ng_two_ifs_link.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "cut.pcapng")
	for size := 120; size < len(whole); size += 7 {
		if err := os.WriteFile(name, whole[:size], 0o666); err != nil {
			t.Fatal(err)
		}
		code, out, stderr := sniffer(t, nil, "-nr", name)
		wantCode, wantOut, wantStderr := realTcpdump(t, nil, "-nr", name)
		if strings.Contains(wantStderr, "different from the type of the first interface") {
			continue // which is read here
		}
		if code != wantCode || out != wantOut || stderr != wantStderr {
			t.Errorf("%d bytes: status %d, %s%s\nwant %d, %s%s", size, code, out, stderr, wantCode, wantOut, wantStderr)
		}
	}
}
