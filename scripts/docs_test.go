package scripts

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chatlab/sniffer/catalogue"
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

// tutorials are the lesson, by the catalogue that has what it says of the page.
var tutorials = map[catalogue.Lang]string{
	catalogue.English: "TUTORIAL.md", catalogue.French: "TUTORIAL.fr.md", catalogue.Chinese: "TUTORIAL.zh.md",
}

var documents = append([]string{"README.md"}, slices.Sorted(maps.Values(tutorials))...)

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
	// The first command compiles.
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
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

// What README says ends a command in the background ends also what "go run" started.
func TestBackgroundIsEnded(t *testing.T) {
	if text := read(t, "README.md"); !strings.Contains(text, "`kill %1`") {
		t.Fatal("README does not say how")
	}
	shell := exec.CommandContext(t.Context(), "bash")
	shell.Dir = ".."
	in, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	defer shell.Wait()
	fmt.Fprintln(in, "set -m") // jobs, as at a terminal
	fmt.Fprintln(in, "go run ./chatserver --listen 127.0.0.1:0 2>&1 &")
	said := bufio.NewScanner(out)
	until := func(r *regexp.Regexp) string {
		for said.Scan() {
			if found := r.FindString(said.Text()); found != "" {
				return found
			}
		}
		t.Fatalf("no %s: %v", r, said.Err())
		return ""
	}
	address := until(regexp.MustCompile(`127\.0\.0\.1:\d+`))
	fmt.Fprintln(in, "kill %1; wait; echo ended")
	until(regexp.MustCompile("^ended$"))
	in.Close()
	// The server writes where the shell does: that ends when both have.
	if err := out.(*os.File).SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for said.Scan() {
	}
	if c, err := net.Dial("tcp", address); err == nil {
		c.Close()
		t.Error("the server is still there")
	}
}

// link is a Markdown link to a file or an address.
var link = regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)\)`)

// Whoever opens the project sees on the first screen what else there is to read,
// and every link in it leads to something.
func TestDocumentsAreFound(t *testing.T) {
	const screen = 25 // lines
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(readme), "\n")
	first := map[string]bool{}
	for _, m := range link.FindAllStringSubmatch(strings.Join(lines[:min(len(lines), screen)], "\n"), -1) {
		first[m[1]] = true
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, e := range entries {
		name := e.Name()
		if name == "README.md" || !strings.HasSuffix(name, ".md") && name != "docker-compose.yml" {
			continue
		}
		named++
		if !first[name] {
			t.Errorf("README's first %d lines do not lead to %s", screen, name)
		}
	}
	if named < 4 {
		t.Errorf("only %d documents were found", named)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".md") {
			continue
		}
		text, err := os.ReadFile("../" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat("../" + m[1]); err != nil {
				t.Errorf("%s: a link to %s: %v", e.Name(), m[1], err)
			}
		}
	}
}

// What a document says that a button is called is on the page, in its language.
func TestDocumentsNameThePagesButtons(t *testing.T) {
	for lang, quotes := range map[catalogue.Lang][2]string{
		catalogue.English: {`"`, `"`}, catalogue.French: {"«\u00a0", "\u00a0»"}, catalogue.Chinese: {"“", "”"},
	} {
		file := tutorials[lang]
		document, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile("../webclient/site/texts/" + string(lang) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		if want := quotes[0] + texts["wire.download"] + quotes[1]; !strings.Contains(string(document), want) {
			t.Errorf("%s does not name %s", file, want)
		}
	}
}

// What the tutorial says that tools print of a capture begun in the middle is what
// they print: numbers that count from the first packet.
func TestNumbersWithoutTheBeginning(t *testing.T) {
	dir := t.TempDir()
	typed(t, "go run ./lab replay --plain -w /tmp/chat.pcap", dir)
	for _, tool := range []string{"tcpdump", "go run ./sniffer"} {
		command := tool + " -n -r /tmp/chat.pcap 'tcp[tcpflags] & tcp-push != 0 and port 60653'"
		if why := cannot(command); why != "" {
			t.Skipf("%s: %s", command, why)
		}
		if got := typed(t, command, dir); !strings.Contains(got, "seq 753:811") {
			t.Errorf("%s prints no relative numbers:\n%s", command, got)
		}
	}
	for _, file := range tutorials {
		text, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "753:811") {
			t.Errorf("%s does not show them", file)
		}
	}
}

// What a document names of the project is there.
func TestPathsInDocuments(t *testing.T) {
	path := regexp.MustCompile("`((?:sniffer|chatserver|webclient|lab|scripts)/[a-zA-Z0-9_./-]+)`")
	found := 0
	for _, file := range append(documents, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		data, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range path.FindAllSubmatch(data, -1) {
			found++
			if _, err := os.Stat("../" + string(m[1])); err != nil {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d paths in documents", found)
	}
}
