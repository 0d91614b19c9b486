// Package scripts holds what keeps the project as its documents say.
package scripts

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
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
	"chatlab/sniffer/layout", "chatlab/sniffer/spelling",
}

func TestImportsRunDown(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
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
			ImportPath string
			Imports    []string
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

func room(path string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(path, "chatlab/"), "/")
	return room
}
