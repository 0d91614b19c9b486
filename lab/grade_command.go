package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"chatlab/lab/class"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/tty"
)

// gradeCaptures grades a directory of captures.
func gradeCaptures(ctx context.Context, args []string, out *terminal) (int, error) {
	secret, file := "", ""
	l := line("grade", command.Directory, "grade.about", "grade.status")
	l.String(&secret, "secret", command.Secret, texts.Lab.Message("grade.secret"))
	l.String(&file, "csv", command.File, texts.Lab.Message("grade.csv"))
	dirs, err := out.parse(l, args)
	switch {
	case err != nil:
		return 0, err
	case secret == "":
		return 0, l.Usage(texts.Lab.Error("secret"))
	case len(dirs) != 1:
		return 0, l.Usage(texts.Lab.Error("grade.one"))
	}
	grading, err := class.GradeDir(ctx, secret, dirs[0], out.progress())
	if errors.Is(err, class.ErrNoCaptures) {
		return 0, texts.Lab.Error("grade.none", "directory", dirs[0]).WithHint(texts.Lab.Message("hint.none"))
	}
	if err != nil {
		return 0, err
	}
	for _, name := range grading.Other {
		fmt.Fprintln(out.stderr, class.Text(out.lang, "other", "file", name))
	}
	var csv bytes.Buffer
	if err := grading.CSV(&csv, out.lang); err != nil {
		return 0, err
	}
	if file == "-" {
		_, err = out.stdout.Write(csv.Bytes())
	} else {
		err = grading.Table(out.stdout, out.lang, out.columns())
	}
	if err != nil {
		return 0, writeError(err)
	}
	if file != "" && file != "-" {
		return exitRight, os.WriteFile(file, csv.Bytes(), 0o600)
	}
	return exitRight, nil
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
