package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"chatlab/lab/class"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/tty"
)

// gradeCaptures grades a directory of captures.
func gradeCaptures(ctx context.Context, args []string, out *terminal) (int, error) {
	secret, list, pages, csv, moodle, comma := "", "", "", "", "", ','
	var port uint16
	l := line("grade", command.Directory, "grade.about", "grade.status")
	l.String(&secret, "secret", command.Secret, texts.Lab.Message("grade.secret"))
	classFlag(l, &list)
	chatFlag(l, &port)
	l.String(&pages, "html", command.Directory, texts.Lab.Message("grade.html"))
	l.String(&csv, "csv", command.File, texts.Lab.Message("grade.csv"))
	l.Flag("csv-separator", ",|;|tab", texts.Lab.Message("grade.separator"), func(s string) (err error) {
		comma, err = separator(s)
		return err
	})
	l.String(&moodle, "moodle", command.File, texts.Lab.Message("grade.moodle"))
	dirs, err := out.parse(l, args)
	switch {
	case err != nil:
		return 0, err
	case secret == "":
		return 0, l.Usage(texts.Lab.Error("secret"))
	case len(dirs) != 1:
		return 0, l.Usage(texts.Lab.Error("grade.one"))
	case csv == "-" && moodle == "-":
		return 0, l.Usage(texts.Lab.Error("grade.dash"))
	}
	o := class.Options{Port: port, Progress: out.progress(), Skip: info(pages)}
	if o.Skip != nil && os.SameFile(o.Skip, info(dirs[0])) {
		return 0, l.Usage(texts.Lab.Error("grade.same"))
	}
	status := exitRight
	if list != "" {
		if o.List, err = out.readClass(ctx, list); err != nil {
			return 0, err
		}
		if o.List.Lost() > 0 {
			status = exitDiffers
		}
	}
	g, err := class.GradeDir(ctx, secret, dirs[0], &o)
	if none := (*class.NoCaptures)(nil); errors.As(err, &none) {
		out.leftOut(none.Other)
		return 0, texts.Lab.Error("grade.none", "directory", dirs[0]).WithHint(texts.Lab.Message("hint.none"))
	}
	if ctx.Err() != nil {
		return exitFailed, nil
	}
	if err != nil {
		return 0, err
	}
	out.leftOut(g.Other)
	if csv == "-" || moodle == "-" {
		for _, m := range g.Common() {
			out.paragraph(m.In(out.lang))
		}
	} else if err := g.Table(out.stdout, out.lang, out.columns()); err != nil {
		return 0, writeError(err)
	}
	if pages != "" {
		if err := out.writePages(g, pages, secret); err != nil {
			return 0, err
		}
	}
	var sheet bytes.Buffer
	if csv != "" {
		if err := g.CSV(&sheet, out.lang, comma); err != nil {
			return 0, err
		}
		if err := out.writeSheet(csv, sheet.Bytes()); err != nil {
			return 0, err
		}
	}
	if moodle != "" {
		sheet.Reset()
		left, err := g.Moodle(&sheet, out.lang)
		if err != nil {
			return 0, err
		}
		if left > 0 {
			out.paragraph(texts.Lab.Message("grade.unlisted", "students", left, "file", moodle).In(out.lang))
		}
		if err := out.writeSheet(moodle, sheet.Bytes()); err != nil {
			return 0, err
		}
	}
	return status, nil
}

// info gives what the system knows of a folder, or nil where there is none.
func info(name string) os.FileInfo {
	if i, err := os.Stat(name); err == nil {
		return i
	}
	return nil
}

// writePages writes a page for each student and one for the teacher.
func (t *terminal) writePages(g *class.Grading, name, secret string) error {
	// What stands in them is the students' own.
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	folder, err := os.OpenRoot(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	n, err := g.WritePages(folder, secret, t.lang)
	if err == nil {
		t.paragraph(texts.Lab.Message("grade.pages", "pages", n, "index", filepath.Join(name, class.Index)).In(t.lang))
	}
	return err
}

// separator gives what --csv-separator asks for.
func separator(s string) (rune, error) {
	switch s {
	case ",", ";":
		return rune(s[0]), nil
	case "tab", "\t", `\t`:
		return '\t', nil
	}
	return 0, texts.Lab.Error("grade.separators", "value", layout.Quote(s, 20))
}

// writeSheet writes a CSV to a file, where Excel knows UTF-8 by its first bytes; "-" is
// standard output.
func (t *terminal) writeSheet(file string, sheet []byte) error {
	if file != "-" {
		return os.WriteFile(file, append([]byte(class.BOM), sheet...), 0o600)
	}
	if _, err := t.stdout.Write(sheet); err != nil {
		return writeError(err)
	}
	return nil
}

// leftOut says what of the directory is not graded.
func (t *terminal) leftOut(other []class.LeftOut) {
	for _, left := range other {
		t.paragraph(left.Message().In(t.lang))
	}
}

// paragraph writes a text to stderr.
func (t *terminal) paragraph(text string) {
	fmt.Fprint(t.stderr, layout.Paragraph("", text, command.Columns))
}

// progress gives what shows how far the work is, or nil where nobody looks.
func (t *terminal) progress() func(done, of int) {
	if !tty.Is(t.stderr) {
		return nil
	}
	shown := ""
	return func(done, of int) {
		erased := layout.Erase(shown)
		if shown = ""; done < of {
			shown = class.Text(t.lang, "progress", "done", done, "of", of)
		}
		fmt.Fprint(t.stderr, erased+shown)
	}
}
