package cataloguetest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every package that says texts and puts keys together has a test of them.
func TestEveryPackageHasItsTest(t *testing.T) {
	packages := map[string]struct{ says, tests bool }{}
	err := filepath.WalkDir("../../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		p := packages[filepath.Dir(name)]
		if strings.HasSuffix(name, "_test.go") {
			p.tests = p.tests || bytes.Contains(source, []byte("cataloguetest.Composed("))
		} else {
			p.says = p.says || bytes.Contains(source, []byte(`"chatlab/sniffer/catalogue"`)) || bytes.Contains(source, []byte(`"chatlab/lab/texts"`))
		}
		packages[filepath.Dir(name)] = p
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for dir, p := range packages {
		if !p.says || filepath.Base(dir) == "cataloguetest" {
			continue
		}
		used := Prefixes(t, dir)
		if len(used) > 0 {
			n++
		}
		for prefix, at := range used {
			if !p.tests {
				t.Errorf("%s puts keys together with %q: no test checks them with cataloguetest.Composed", at, prefix)
			}
		}
	}
	if n < 6 {
		t.Errorf("only %d packages put keys together", n)
	}
}
