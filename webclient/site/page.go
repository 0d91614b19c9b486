package site

import (
	"bytes"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chatlab/sniffer/catalogue"
)

// texts has every sentence of the page.
var texts = func() catalogue.Catalogue {
	sub, err := fs.Sub(embedded, "texts")
	if err != nil {
		panic("site: " + err.Error())
	}
	return catalogue.Must(sub)
}()

// render makes a page in every language.
func (s *site) render(name string) map[catalogue.Lang]*file {
	pages := map[catalogue.Lang]*file{}
	for _, lang := range catalogue.Langs {
		t := template.Must(template.New(name).Funcs(template.FuncMap{
			"t": func(key string) string { return texts.Text(lang, key) },
		}).ParseFS(embedded, "page/"+name))
		var b bytes.Buffer
		err := t.Execute(&b, map[string]any{
			"Lang": lang, "Base": "/a/" + s.assets.version,
			"ChatPort": s.options.ChatPort, "Dialect": s.options.Dialect, "Edition": s.options.Edition,
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
	best, bestWeight := s.options.Lang, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, parameter, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		primary, _, _ := strings.Cut(tag, "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		if slices.Contains(catalogue.Langs, catalogue.Lang(primary)) && weight > bestWeight {
			best, bestWeight = catalogue.Lang(primary), weight
		}
	}
	return best
}
