package site

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
)

// scripts gives the page's scripts, one after another.
func scripts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(embedded, "assets/js", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(name)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// composed gives what the scripts put keys together from: each template with what
// it is filled with, which a pattern finds in the scripts.
func composed(t *testing.T) map[string][]string {
	t.Helper()
	code := scripts(t)
	words := func(list string) (all []string) {
		for _, m := range regexp.MustCompile(`"([^"]+)"|\b(\d+)\b`).FindAllStringSubmatch(list, -1) {
			all = append(all, m[1]+m[2])
		}
		return all
	}
	// in gives the words in what a pattern's first group finds, each time.
	in := func(pattern string) (all []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(code, -1) {
			all = append(all, words(m[1])...)
		}
		if len(all) == 0 {
			t.Errorf("the scripts have nothing like %s", pattern)
		}
		return all
	}
	http := []string{"request", "response"}
	var flags []string
	for _, m := range regexp.MustCompile(`\["([a-z]+)", 0x[0-9a-f]+\]`).FindAllStringSubmatch(code, -1) {
		flags = append(flags, m[1])
	}
	var steps []string
	for _, id := range []annotate.Step{annotate.Handshake, annotate.Upgrade, annotate.Login, annotate.Members, annotate.LoginBroadcast, annotate.Say, annotate.SayBroadcast} {
		steps = append(steps, string(id))
	}
	return map[string][]string{
		"step.*":        steps,
		"status.*":      {"found", "different", "missing"},
		"presence.*":    {"connected", "page", "absent"},
		"time.*":        in(`\[("[a-z]+"), \d+\]`),
		"private.*":     in(`\bkind = to === "all" \? "" : ([^;]*);`),
		"close.*":       in(`closeCodes = \[([^\]]*)\]`),
		"state.*":       append(in(`on\.state\(("[a-z]+")`), in(`this\.state = \[("[a-z]+")`)...),
		"opcode.*":      append(in(`\b\d+: ("[a-z]+")[,\s]`), "reserved"),
		"unmask.*.name": in(`this\.heads = \[(.*?)\];`),
		"tcp.*":         flags,
		"layer.ip*":     {"4", "6"},
		"layer.*":       http,
		"*.is":          nil, // looked for with has: not every field needs it
	}
}

// Keys that a script puts together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	code, values := scripts(t), composed(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile("`((?:[a-z]+\\.)[a-z.]*)\\$\\{[^`]*?\\}([a-z.]*)`|`()\\$\\{[^`}]*\\}(\\.is)`").FindAllStringSubmatch(code, -1) {
		template := m[1] + "*" + m[2] + m[4]
		used[template] = true
		all, known := values[template]
		if !known {
			t.Errorf("a script puts keys together as %s: the test does not know with what", template)
		}
		for _, value := range all {
			key := strings.Replace(template, "*", value, 1)
			for _, lang := range catalogue.Langs {
				if texts.Sources(lang)[key] == "" {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
	for template := range values {
		if !used[template] {
			t.Errorf("no key is put together as %s", template)
		}
	}
}

// Every word in a script that looks like a key of the catalogue is one, or with
// ".is" behind it: fields and layers have theirs in tables.
func TestKeysInTablesHaveTexts(t *testing.T) {
	namespaces := map[string]bool{}
	for key := range texts.Sources(catalogue.English) {
		if space, _, ok := strings.Cut(key, "."); ok {
			namespaces[space] = true
		}
	}
	n := 0
	for _, m := range regexp.MustCompile(`"(([a-z]+)(?:\.[a-z0-9-]+)+)"`).FindAllStringSubmatch(scripts(t), -1) {
		if !namespaces[m[2]] || strings.HasSuffix(m[1], ".js") {
			continue
		}
		n++
		if english := texts.Sources(catalogue.English); english[m[1]] == "" && english[m[1]+".is"] == "" {
			t.Errorf("no text for %s", m[1])
		}
	}
	if n < 100 {
		t.Errorf("only %d keys were found", n)
	}
}
