// Package cataloguetest holds the keys of a catalogue against the code that says
// them.
package cataloguetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// Keys checks that the packages in dirs say every text of c, and that c has every
// text whose key they put together: as "prefix." + value, or with
// fmt.Sprintf("prefix.%s"). values has for each prefix all that may stand behind
// it. A prefix of c's texts that they use and values lacks is an error, and one that
// they do not use. Templates beside the packages say texts, too.
func Keys(t *testing.T, c *catalogue.Catalogue, values map[string][]string, dirs ...string) {
	t.Helper()
	said := map[string]bool{}
	used := map[string]string{}
	for _, dir := range dirs {
		for key := range literals(t, dir) {
			said[key] = true
		}
		for prefix, at := range Prefixes(t, dir) {
			used[prefix] = at
		}
	}
	for prefix, at := range used {
		of := func(key string) bool { return strings.HasPrefix(key, prefix) }
		if len(values[prefix]) == 0 && slices.ContainsFunc(c.Keys(), of) {
			t.Errorf("%s puts keys together with %q: the test does not know with what", at, prefix)
		}
	}
	for prefix, all := range values {
		if used[prefix] == "" {
			t.Errorf("no key is put together with %q", prefix)
		}
		for _, value := range all {
			said[prefix+value] = true
			if !c.Has(prefix + value) {
				t.Errorf("no text for %s", prefix+value)
			}
		}
	}
	for _, key := range c.Keys() {
		if !said[key] {
			t.Errorf("nobody says %s", key)
		}
	}
}

var quoted = regexp.MustCompile(`"([a-z][a-z0-9.-]*)"`)

// literals gives the strings in the code and in the templates of the package in
// dir.
func literals(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	inspect(t, dir, func(_ *token.FileSet, n ast.Node) {
		if e, ok := n.(ast.Expr); ok {
			found[literal(e)] = true
		}
	})
	templates, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range templates {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = true
		}
	}
	return found
}

// beginning is that of a key with more to come.
var beginning = regexp.MustCompile(`^(?:[a-z][a-z0-9-]*\.)+$`)

// Prefixes gives what the keys begin with that the package in dir puts together,
// and where it does.
func Prefixes(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	inspect(t, dir, func(files *token.FileSet, n ast.Node) {
		prefix := ""
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				prefix = literal(n.X)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
				prefix, _, ok = strings.Cut(literal(n.Args[0]), "%")
				if !ok {
					return
				}
			}
		}
		if beginning.MatchString(prefix) {
			found[prefix] = files.Position(n.Pos()).String()
		}
	})
	return found
}

// Constants gives the values of all string constants of a type that the package
// in dir declares, without those that are left out.
func Constants(t *testing.T, dir, typeName string, without ...string) (all []string) {
	t.Helper()
	out := map[string]bool{}
	for _, s := range without {
		out[s] = true
	}
	inspect(t, dir, func(_ *token.FileSet, n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typeName {
			return
		}
		for _, v := range spec.Values {
			if s := literal(v); s != "" && !out[s] {
				all = append(all, s)
			}
		}
	})
	if len(all) == 0 {
		t.Errorf("%s has no constant of type %s", dir, typeName)
	}
	return all
}

// literal gives the value of a string literal, or "".
func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(l.Value)
	return s
}

// inspect walks the package in dir, without its tests.
func inspect(t *testing.T, dir string, visit func(*token.FileSet, ast.Node)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no source in %s: %v", dir, err)
	}
	files := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				visit(files, n)
			}
			return true
		})
	}
}
