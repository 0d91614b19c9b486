package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
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
			"Wire": s.options.Wire != nil, "Modules": s.modules(),
		})
		if err != nil {
			panic("site: " + err.Error())
		}
		pages[lang] = newFile(name, b.Bytes())
	}
	return pages
}

// modules are all scripts but the first, which imports them: named in the page,
// they load at once instead of one after another.
func (s *site) modules() []string {
	var names []string
	for name := range s.assets.files {
		if strings.HasSuffix(name, ".js") && name != "js/main.js" {
			names = append(names, name)
		}
	}
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
