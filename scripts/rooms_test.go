// Package scripts holds what keeps the project as its documents say.
package scripts

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// May a room import another? Each may import itself.
var mayImport = map[string][]string{
	"chatserver": nil,
	"sniffer":    nil,
	"webclient":  {"sniffer"},
	"lab":        {"chatserver", "sniffer", "webclient"},
	"scripts":    nil,
}

// words are the packages that know no room, only language and lines. The command
// chatserver speaks the reader's language with them, though its room may not import
// the sniffer's.
var words = []string{
	"chatlab/sniffer/catalogue", "chatlab/sniffer/command", "chatlab/sniffer/getopt",
	"chatlab/sniffer/layout", "chatlab/sniffer/listen", "chatlab/sniffer/spelling",
}

// printing are the packages that lay text out for a reader and write it. Those that
// compute do not import them: what they know can be shown in another way.
var printing = []string{
	"chatlab/sniffer/command", "chatlab/sniffer/explain", "chatlab/sniffer/tcpdump", "chatlab/sniffer/tty",
	"chatlab/lab/check/render", "chatlab/lab/class", "chatlab/lab/desk", "chatlab/lab/guide", "chatlab/lab/serve", "chatlab/lab/show",
}

func TestImportsRunDown(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	packages := 0
	for d := json.NewDecoder(out); ; packages++ {
		var p struct {
			ImportPath, Name string
			Imports          []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from := room(p.ImportPath)
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s is in no known room", p.ImportPath)
		}
		for _, i := range p.Imports {
			ours := strings.HasPrefix(i, "chatlab/")
			if slices.Contains(printing, i) && p.Name != "main" && !slices.Contains(printing, p.ImportPath) {
				t.Errorf("%s computes, and imports %s, which prints", p.ImportPath, i)
			}
			if ours && slices.Contains(words, p.ImportPath) && !slices.Contains(words, i) {
				t.Errorf("%s knows %s", p.ImportPath, i)
			}
			if p.ImportPath == "chatlab/chatserver" && slices.Contains(words, i) {
				continue
			}
			if to := room(i); ours && to != from && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
	if err := cmd.Wait(); err != nil || packages < 5 {
		t.Fatalf("%d packages, %v", packages, err)
	}
}

// Only a command knows the standard streams; what it calls is handed a writer.
func TestOnlyCommandsHaveStreams(t *testing.T) {
	files, err := filepath.Glob("../*/*/*.go")
	deeper, _ := filepath.Glob("../*/*/*/*.go")
	if files = append(files, deeper...); err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "bench.d") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if at := streams.Find(source); at != nil {
			t.Errorf("%s has %s", name, at)
		}
	}
}

var streams = regexp.MustCompile(`\bos\.Std(in|out|err)\b|\bfmt\.Print|\bprintln\(`)

func room(path string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(path, "chatlab/"), "/")
	return room
}
