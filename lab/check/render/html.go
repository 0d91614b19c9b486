package render

import (
	_ "embed"
	"html/template"
	"io"

	"chatlab/lab/check"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
)

//go:embed report.html
var page string

// Checked is the report of one capture file.
type Checked struct {
	File   string
	Report *check.Report
}

// HTML writes the reports of capture files as one page that needs no other
// file, and prints well.
func HTML(w io.Writer, all []Checked, lang catalogue.Lang) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"say":       func(key string, args ...any) string { return texts.Message(key, args...).In(lang) },
		"in":        func(m catalogue.Message) string { return m.In(lang) },
		"step":      steps.Name,
		"numbers":   func(numbers []int) string { return Numbers(numbers).In(lang) },
		"rows":      rows,
		"mark":      func(name any) string { return mark(name) },
		"endpoints": func(r *check.Report) string { return conversation(r, lang) },
		"summary":   func(r *check.Report) string { return Summary(r, lang) },
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
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
