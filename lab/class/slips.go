package class

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"

	"rsc.io/qr"

	"chatlab/sniffer/catalogue"
)

//go:embed slips.html
var slipsPage string

// Slips writes a page to print and to cut, of A4 or Letter: for each student the
// task, where the lesson is, and a QR code of the link that carries their Token. It
// needs no other file, and runs nothing.
func Slips(w io.Writer, tasks []Task, secret string, lesson *url.URL, lang catalogue.Lang) error {
	t, err := template.New("slips").Funcs(template.FuncMap{
		"say": func(key string, args ...any) string { return texts.Message(key, args...).In(lang) },
	}).Parse(slipsPage)
	if err != nil {
		return err
	}
	type slip struct {
		Task
		Link      string
		Box, Path string // the QR code's: an SVG's viewBox and its path
	}
	slips := make([]slip, len(tasks))
	for i, task := range tasks {
		link := Link(lesson, Token(secret, task.Student))
		code, err := qr.Encode(link, qr.M)
		if err != nil || code.Size > largest {
			return texts.Error("slip.long").WithHint(texts.Message("slip.form"))
		}
		size := code.Size + 2*quiet
		slips[i] = slip{task, link, fmt.Sprintf("%d %d %d %d", -quiet, -quiet, size, size), blackModules(code)}
	}
	return t.Execute(w, struct {
		Lang   catalogue.Lang
		Lesson string
		Slips  []slip
	}{lang, strings.TrimSuffix(lesson.String(), "/"), slips})
}

// Link gives the address of a lesson with a student's token.
func Link(lesson *url.URL, token string) string {
	u := *lesson
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = url.Values{"token": {token}}.Encode()
	return u.String()
}

// LessonURL reads the address of a lesson: a whole one, http or https, of its page
// and nothing in it.
func LessonURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, texts.Error("slip.address", "address", address).WithHint(texts.Message("slip.form"))
	}
	return u, nil
}

// quiet is the margin of a QR code, in modules (ISO/IEC 18004 §5.3.8), and largest how
// many it may have a side: on a slip 90 of them are 30 mm, which a telephone still reads.
const quiet, largest = 4, 90 - 2*quiet

// blackModules gives a QR code's black modules as the path of an SVG, a run of them
// at a time.
func blackModules(code *qr.Code) string {
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			n := 0
			for code.Black(x+n, y) { // false outside of it
				n++
			}
			if n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x, y, n, n)
				x += n
			}
		}
	}
	return path.String()
}
