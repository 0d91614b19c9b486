package render

import (
	"embed"
	"html/template"
	"io"

	"chatlab/lab/check"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
)

//go:embed *.html
var pages embed.FS

// Checked is the report of one capture file.
type Checked struct {
	File   string
	Report *check.Report
}

// maxRows bounds the packets that a page lists.
const maxRows = 1000

// NewPage gives the parts that pages are made of: the templates "style", the looks of
// a page that needs no other file and prints well, and of a Checked "verdict", its
// steps, and "packets", the rest.
func NewPage(lang catalogue.Lang) *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"say":       func(key string, args ...any) string { return texts.Message(key, args...).In(lang) },
		"in":        func(m catalogue.Message) string { return m.In(lang) },
		"step":      steps.Name,
		"numbers":   func(numbers []int) string { return Numbers(numbers).In(lang) },
		"rows":      rows,
		"mark":      func(name any) string { return mark(name) },
		"endpoints": func(r *check.Report) string { return conversation(r, lang) },
		"summary":   func(r *check.Report) string { return Summary(r, lang) },
		"shown":     func(all []check.Packet) []check.Packet { return all[:min(len(all), maxRows)] },
		"unshown":   func(all []check.Packet) int { return max(0, len(all)-maxRows) },
	}).ParseFS(pages, "parts.html"))
}

// HTML writes the reports of capture files as one page.
func HTML(w io.Writer, all []Checked, lang catalogue.Lang) error {
	t, err := NewPage(lang).ParseFS(pages, "report.html")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, "report.html", struct {
		Lang catalogue.Lang
		All  []Checked
	}{lang, all})
}

// mark tells a status or a kind without colour.
func mark(name any) string {
	switch name := name.(type) {
	case steps.Status:
		return map[steps.Status]string{steps.Found: "✓", steps.Different: "≠", steps.Missing: "✗"}[name]
	case check.Kind:
		return map[check.Kind]string{check.Match: "✓", check.Allowed: "~", check.Different: "≠", check.Outside: "·"}[name]
	}
	return ""
}
