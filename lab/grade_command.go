package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"chatlab/lab/class"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/tty"
)

// gradeCaptures grades a directory of captures.
func gradeCaptures(ctx context.Context, args []string, out terminal) (int, error) {
	flags := flagSet("grade")
	lang := flags.String("lang", "", "")
	secret := flags.String("secret", "", "")
	file := flags.String("csv", "", "")
	dirs, err := parseMixed(flags, args, &out, lang)
	if err != nil {
		return 0, withUsage(err, class.Text(out.lang, "usage.grade"))
	}
	if *secret == "" {
		return 0, errNoSecret
	}
	if len(dirs) != 1 {
		return 0, &usageError{errors.New("grade needs one directory of captures")}
	}
	grading, err := class.GradeDir(ctx, *secret, dirs[0], out.progress())
	if errors.Is(err, class.ErrNoCaptures) {
		return 0, fmt.Errorf("%s: %w", dirs[0], err)
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
	if *file == "-" {
		_, err = out.stdout.Write(csv.Bytes())
	} else {
		err = grading.Table(out.stdout, out.lang, out.columns())
	}
	if err != nil {
		return 0, writeError(err)
	}
	if *file != "" && *file != "-" {
		return exitRight, os.WriteFile(*file, csv.Bytes(), 0o600)
	}
	return exitRight, nil
}

// progress gives what shows how far the work is, or nil where nobody looks.
func (t terminal) progress() func(done, of int) {
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
