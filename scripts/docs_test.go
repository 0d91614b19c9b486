package scripts

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// block is a fenced block of a document.
type block struct {
	where string // file:line
	kind  string // console, sh
	lines []string
}

func blocks(t *testing.T, file string) []block {
	t.Helper()
	data, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []block
	var open *block
	for i, line := range strings.Split(string(data), "\n") {
		switch fence, ok := strings.CutPrefix(line, "```"); {
		case ok && open == nil:
			open = &block{where: fmt.Sprintf("%s:%d", file, i+1), kind: fence}
		case ok:
			all = append(all, *open)
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		}
	}
	return all
}

var documents = []string{"README.md", "TUTORIAL.md", "TUTORIAL.fr.md"}

// A console block is a session: each line after "$ " is typed as it stands, and
// what follows must be printed, in that order; a line "…" stands for any lines.
func TestSessionsInDocuments(t *testing.T) {
	dir := t.TempDir()
	found := 0
	for _, file := range documents {
		for _, b := range blocks(t, file) {
			if b.kind != "console" {
				continue
			}
			found++
			t.Run(b.where, func(t *testing.T) { session(t, b, dir) })
		}
	}
	if found < len(documents) {
		t.Errorf("only %d sessions in %v", found, documents)
	}
}

func session(t *testing.T, b block, dir string) {
	for i := 0; i < len(b.lines); {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			t.Fatalf("a line without a command: %s", b.lines[i])
		}
		i++
		var want []string
		for ; i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ "); i++ {
			want = append(want, b.lines[i])
		}
		if why := cannot(command); why != "" {
			t.Skipf("%s: %s", command, why)
		}
		got := typed(t, command, dir)
		follow(t, command, want, strings.Split(strings.TrimSuffix(got, "\n"), "\n"))
	}
}

// cannot tells why a command cannot be run here.
func cannot(command string) string {
	for _, tool := range []string{"tcpdump", "openssl"} {
		if slices.Contains(strings.Fields(command), tool) {
			if _, err := exec.LookPath(tool); err != nil {
				return tool + " is not here (Debian: apt-get install " + tool + ")"
			}
		}
	}
	return ""
}

// typed runs a command line in the project's folder, files going to dir, and
// gives what a reader of the terminal would see.
func typed(t *testing.T, command, dir string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", strings.ReplaceAll(command, "/tmp/", dir+"/"))
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out.String())
	}
	return strings.ReplaceAll(out.String(), dir+"/", "/tmp/")
}

// follow looks for the lines want among got, in order. Lines that stand together
// must be printed together.
func follow(t *testing.T, command string, want, got []string) {
	t.Helper()
	together := true // with what came before
	for i, line := range want {
		if line == "…" {
			together = false
			continue
		}
		at := 0
		for at < len(got) && !alike(line, got[at]) {
			at++
		}
		if at == len(got) || together && at > 0 {
			t.Errorf("%s\ndoes not print line %d of what the document shows:\n%s\nbut:\n%s", command, i+1, line, strings.Join(got, "\n"))
			return
		}
		got, together = got[at+1:], true
	}
	if together && len(got) > 0 && len(want) > 0 {
		t.Errorf("%s prints more than the document shows:\n%s", command, strings.Join(got, "\n"))
	}
}

// changing are what differs from run to run: times of day, timestamps, large
// numbers, and the bytes that show them.
var changing = regexp.MustCompile(`\d\d:\d\d:\d\d\.\d{6}|TS val \d+ ecr \d+|\b\d{8,}\b`)

func alike(want, got string) bool {
	return want == got || changing.ReplaceAllString(want, "#") == changing.ReplaceAllString(got, "#")
}

// A sh block that starts servers is run as it stands, until what it serves
// answers.
func TestServersInReadme(t *testing.T) {
	var servers *block
	for _, b := range blocks(t, "README.md") {
		if b.kind == "sh" && strings.Contains(strings.Join(b.lines, "\n"), "./webclient") {
			servers = &b
		}
	}
	if servers == nil {
		t.Fatal("README starts no servers")
	}
	for _, port := range []string{"7272", "55151"} {
		l, err := net.Listen("tcp", ":"+port)
		if err != nil {
			t.Skipf("%v; end what has the port", err)
		}
		l.Close()
	}
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir, "./chatserver", "./webclient")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	// What "go run" starts outlives it; the same programs, built, can be ended.
	script := strings.ReplaceAll(strings.Join(servers.lines, "\n"), "go run ./", dir+"/")
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.WaitDelay = 10 * time.Second
	endGroup(cmd)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cancel()
	// Each server says where it listens once it does.
	said := bufio.NewScanner(out)
	for range 2 {
		if !said.Scan() {
			t.Fatalf("a server ended before it listened: %v", said.Err())
		}
	}
	for _, url := range []string{"http://127.0.0.1:7272/healthz", "http://127.0.0.1:55151/"} {
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", url, response.Status)
		}
	}
}
