package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
)

// texts has every sentence of the page.
var texts = catalogue.Must(embedded, "texts")

// again is the script that stands in the page, and againHash what lets it run there
// (CSP 3, §2.3.1).
var again, againHash = func() (string, string) {
	script, err := embedded.ReadFile("page/again.js")
	if err != nil {
		panic("site: " + err.Error())
	}
	sum := sha256.Sum256(script)
	return string(script), "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// render makes a page in every language; base is where the assets are, seen from it.
func (s *site) render(name, base string) map[catalogue.Lang]*file {
	pages := map[catalogue.Lang]*file{}
	for _, lang := range catalogue.Langs {
		t := template.Must(template.New(name).Funcs(template.FuncMap{
			"t": func(key string) string { return texts.Message(key).In(lang) },
		}).ParseFS(embedded, "page/"+name))
		var b bytes.Buffer
		err := t.Execute(&b, map[string]any{
			"Lang": lang, "Base": base + s.assets.version,
			"Again": template.JS(again), "ChatPort": s.options.ChatPort, "PagePort": s.options.PagePort, "Dialect": s.options.Dialect, "Edition": s.options.Edition,
			"Wire": s.options.Wire != nil || s.options.Desk != nil, "Desk": s.options.Desk != nil, "Modules": s.modules(firstScripts[name]),
		})
		if err != nil {
			panic("site: " + err.Error())
		}
		pages[lang] = newFile(name, b.Bytes())
	}
	return pages
}

// firstScripts are where the pages begin.
var firstScripts = map[string]string{"index.html": "js/main.js", "class.html": "js/class/main.js"}

// imported finds what a module imports, at its head or later.
var imported = regexp.MustCompile(`(?:from|import|import\() ?"(\.[^"]+)"`)

// modules are all scripts that the first one imports, itself or through others: named
// in the page, they load at once instead of one after another. What is of a class is
// loaded where there is one.
func (s *site) modules(first string) []string {
	var names []string
	var add func(name string)
	add = func(name string) {
		if slices.Contains(names, name) || strings.HasPrefix(name, "js/desk/") && s.options.Desk == nil {
			return
		}
		names = append(names, name)
		for _, m := range imported.FindAllStringSubmatch(string(s.assets.files[name].data), -1) {
			add(path.Join(path.Dir(name), m[1]))
		}
	}
	if first == "" {
		return nil
	}
	add(first)
	names = names[1:]
	slices.Sort(names)
	return names
}

// language is what the reader chose on the page, or else what the browser asks
// for first (Accept-Language, RFC 9110 §12.5.4).
func (s *site) language(r *http.Request) catalogue.Lang {
	if c, err := r.Cookie("lang"); err == nil {
		if lang := catalogue.Lang(c.Value); slices.Contains(catalogue.Langs, lang) {
			return lang
		}
	}
	if lang, ok := catalogue.Accepted(r.Header.Get("Accept-Language")); ok {
		return lang
	}
	return s.options.Lang
}
