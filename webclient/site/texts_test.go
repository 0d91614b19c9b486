package site

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// What the page and its scripts say by key is in the catalogue (whose languages
// are compared when it is loaded), and nothing else is in it.
func TestTextsAreUsedAndThere(t *testing.T) {
	var all strings.Builder
	err := fs.WalkDir(embedded, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(name, ".js") || strings.HasSuffix(name, ".html")) {
			data, err := embedded.ReadFile(name)
			all.Write(data)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	code := all.String()
	asked := regexp.MustCompile(`(?:\bt\(|mark\([^\n]*?, |label\([^\n]*?, |log\.event\()"([a-z][a-z0-9.-]*)"|data-(?:text|label|placeholder)="([^"{]+)"|\{\{t "([^"]+)"\}\}`)
	n := 0
	for _, m := range asked.FindAllStringSubmatch(code, -1) {
		for _, key := range m[1:] {
			if key == "" {
				continue
			}
			n++
			if _, ok := texts.Sources(catalogue.English)[key]; !ok {
				t.Errorf("no text for %q", key)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d uses were found", n)
	}
	together := map[string]bool{}
	for template, values := range composed(t) {
		for _, value := range values {
			together[strings.Replace(template, "*", value, 1)] = true
		}
	}
	for key := range texts.Sources(catalogue.English) {
		// "x.is" is what a field "x" means.
		base := strings.TrimSuffix(key, ".is")
		if !strings.Contains(code, `"`+base+`"`) && !together[base] {
			t.Errorf("%q is said nowhere", key)
		}
	}
}

// A text in the page and the key that translates it later are the same.
func TestPageTextsMatchTheirKeys(t *testing.T) {
	var data []byte
	for _, name := range []string{"index.html", "class.html"} {
		page, err := embedded.ReadFile("page/" + name)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, page...)
	}
	n := 0
	for _, m := range regexp.MustCompile(`data-text="([^"]+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(string(data), -1) {
		n++
		if want := `{{t "` + m[1] + `"}}`; m[2] != want {
			t.Errorf("%q stands where %s should", m[2], want)
		}
	}
	for _, m := range regexp.MustCompile(`data-(label|placeholder)="([^"]+)"([^>]*)>`).FindAllStringSubmatch(string(data), -1) {
		n++
		attribute := map[string]string{"label": "aria-label", "placeholder": "placeholder"}[m[1]]
		if want := ` ` + attribute + `="{{t "` + m[2] + `"}}"`; !strings.Contains(m[3], want) {
			t.Errorf("%s is missing in %s", want, m[0])
		}
	}
	if n < 15 {
		t.Errorf("only %d texts were found", n)
	}
}
