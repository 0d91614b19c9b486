package class

import (
	"embed"
	"errors"
	"html/template"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"chatlab/lab/check"
	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

//go:embed feedback.html summary.html
var templates embed.FS

// mark is in the head of each page, by which a later run knows them.
const mark = `<meta name="generator" content="chatlab lab grade">`

// Index is the name of the teacher's page.
const Index = "index.html"

// PageName gives the name of a student's page: what of the id every file system takes,
// and letters that depend on the secret, so that no two are the same and nobody finds
// another's where the pages lie side by side.
func PageName(secret, id string) string {
	readable := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return '-'
	}, norm.NFD.String(Fold(id)))
	readable = strings.Trim(readable[:min(len(readable), 40)], "-")
	return strings.TrimLeft(readable+"-"+lower32.EncodeToString(keyed(secret, "page", id)[:10]), "-") + ".html"
}

// page gives a page with the texts of this package, too.
func page(lang catalogue.Lang, name string) (*template.Template, error) {
	return render.NewPage(lang).Funcs(template.FuncMap{
		"tell":       func(key string, args ...any) string { return Text(lang, key, args...) },
		"quote":      func(s string) string { return layout.Quote(s, 200) },
		"list":       func(all []string) catalogue.List[string] { return layout.QuoteAll(all, 400) },
		"unreadable": render.Unreadable,
		"hint":       func(err error) string { return hint(err, lang) },
	}).ParseFS(templates, name)
}

// hint gives what to do about a file that cannot be read, or "".
func hint(err error, lang catalogue.Lang) string {
	if e := (*catalogue.Error)(nil); errors.As(render.Unreadable(err), &e) && !e.Hint.IsZero() {
		return e.Hint.In(lang)
	}
	return ""
}

// Feedback writes the page of one student: what was found, what is missing, and how to
// do it again. It says nothing of others.
func (g *Grade) Feedback(w io.Writer, lang catalogue.Lang) error {
	t, err := page(lang, "feedback.html")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, "feedback.html", struct {
		Lang          catalogue.Lang
		Mark          template.HTML
		Student, File string
		Grade         *Grade
		Report        *check.Report
		Of            int
		Usual         uint16 // the chat's port, which need not be said
	}{lang, mark, layout.Quote(g.Student, 100), layout.Quote(g.File, 200), g, g.Report, Of, scenario.ServerPort})
}

// row is a student's line of the summary.
type row struct {
	*Grade
	Student, Page string
	Notes         []string
}

// Summary writes the teacher's page, with links to the students' that PageName names.
func (g *Grading) Summary(w io.Writer, secret string, lang catalogue.Lang) error {
	t, err := page(lang, "summary.html")
	if err != nil {
		return err
	}
	var names []catalogue.Message
	for _, s := range scenario.Steps {
		names = append(names, steps.Name(s.ID))
	}
	rows, read, found := make([]row, len(g.Grades)), 0, make([]int, len(names))
	for i := range g.Grades {
		grade := &g.Grades[i]
		rows[i] = row{grade, layout.Quote(grade.Student, 100), PageName(secret, grade.Student), grade.brief(lang)}
		if g.Listed && grade.Unlisted {
			rows[i].Notes = append([]string{Text(lang, "page.unlisted")}, rows[i].Notes...)
		}
		if grade.Report == nil {
			continue
		}
		read++
		for j := range grade.Report.Steps {
			if grade.Report.Steps[j].Status == steps.Found {
				found[j]++
			}
		}
	}
	return t.ExecuteTemplate(w, "summary.html", struct {
		Lang     catalogue.Lang
		Mark     template.HTML
		Common   []catalogue.Message
		Summary  catalogue.Message
		Steps    []catalogue.Message
		Rows     []row
		Of, Read int
		Found    []int
		Groups   []*Group
		Other    []LeftOut
	}{lang, mark, g.Common(), g.summary(), names, rows, Of, read, found, g.Groups, g.Other})
}
