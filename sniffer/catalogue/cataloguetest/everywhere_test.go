package cataloguetest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// Every package that has texts, or puts their keys together, is among those that a
// test holds them against.
func TestEveryPackageIsTested(t *testing.T) {
	// The page's texts are said by scripts, which its own tests read.
	tested, says := map[string]bool{"../../../webclient/site": true}, map[string]bool{}
	err := filepath.WalkDir("../../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		dir := filepath.Dir(name)
		if strings.HasSuffix(name, "_test.go") {
			for _, at := range keysCalls(t, name, source) {
				tested[filepath.Join(dir, at)] = true
			}
		} else if bytes.Contains(source, []byte(`/catalogue"`)) || bytes.Contains(source, []byte(`/texts"`)) {
			says[dir] = says[dir] || bytes.Contains(source, []byte("catalogue.Must("))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for dir, has := range says {
		if dir == filepath.Clean("../cataloguetest") || dir == "." {
			continue
		}
		if prefixes := Prefixes(t, dir); has || len(prefixes) > 0 {
			n++
			if !tested[dir] {
				t.Errorf("%s has texts or puts their keys together (%v): no test gives it to cataloguetest.Keys", dir, prefixes)
			}
		}
	}
	if n < 12 {
		t.Errorf("only %d packages have texts", n)
	}
}

// keysCalls gives the directories that a test's calls of Keys name.
func keysCalls(t *testing.T, name string, source []byte) (dirs []string) {
	t.Helper()
	if !bytes.Contains(source, []byte("cataloguetest.Keys(")) {
		return nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Keys" && len(call.Args) > 3 {
				for _, arg := range call.Args[3:] {
					dirs = append(dirs, literal(arg))
				}
			}
		}
		return true
	})
	return dirs
}

// The catalogue has texts of its own.
func TestCataloguesOwnKeys(t *testing.T) {
	c, err := catalogue.Load(os.DirFS(".."), "texts")
	if err != nil {
		t.Fatal(err)
	}
	Keys(t, c, map[string][]string{"net.": {"listen", "dial"}}, "..")
}
