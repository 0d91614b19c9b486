package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/lab/texts"
	"chatlab/sniffer/command"
)

// checkFiles holds capture files against the scenario.
func checkFiles(ctx context.Context, args []string, out *terminal) (int, error) {
	var task steps.Task
	asJSON, page := false, ""
	l := line("check", command.File+"…", "check.about", "check.status")
	l.String(&task.Nick, "nick", command.Name, texts.Lab.Message("flag.nick", "default", scenario.Nick))
	l.String(&task.Message, "message", command.Text, texts.Lab.Message("flag.message", "default", scenario.Message))
	chatFlag(l, &task.Port)
	l.Bool(&asJSON, "json", texts.Lab.Message("check.json"))
	l.String(&page, "html", command.File, texts.Lab.Message("check.html"))
	files, err := out.parse(l, args)
	switch {
	case err != nil:
		return 0, err
	case len(files) == 0:
		return 0, l.Usage(texts.Lab.Error("check.none"))
	case asJSON && page == "-":
		return 0, l.Usage(texts.Lab.Error("check.both"))
	}
	options := render.Options{Lang: out.lang, Columns: out.columns(), Colour: out.colour()}
	status := exitRight
	var checked []render.Checked
	for i, file := range files {
		report, unread := checkFile(ctx, file, task)
		if ctx.Err() != nil {
			return exitFailed, nil
		}
		// A report says itself that the file is cut off; what else is wrong with one
		// takes more words.
		if unread != nil && (report == nil || report.Fault == evidence.Broken) {
			out.report(render.Unreadable(unread))
		}
		if report == nil {
			status = exitFailed
			continue
		}
		if !report.OK() && status == exitRight {
			status = exitDiffers
		}
		var err error
		checked = append(checked, render.Checked{File: file, Report: report})
		switch {
		case asJSON:
			err = render.JSON(out.stdout, file, report, out.lang)
		case page == "-": // the page takes the place of the text
		default:
			if i > 0 {
				fmt.Fprintln(out.stdout)
			}
			err = render.Text(out.stdout, file, report, options)
		}
		if err != nil {
			return 0, writeError(err)
		}
	}
	if page == "" || len(checked) == 0 {
		return status, nil
	}
	return status, writePage(page, checked, out)
}

// writePage writes the reports as one page to a file; "-" is standard output.
func writePage(name string, checked []render.Checked, out *terminal) error {
	var html bytes.Buffer
	if err := render.HTML(&html, checked, out.lang); err != nil {
		return err
	}
	if name == "-" {
		if _, err := out.stdout.Write(html.Bytes()); err != nil {
			return writeError(err)
		}
		return nil
	}
	return os.WriteFile(name, html.Bytes(), 0o644)
}

// checkFile checks one capture file; "-" is standard input.
func checkFile(ctx context.Context, name string, task steps.Task) (*check.Report, error) {
	f := os.Stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return nil, err
		}
		defer f.Close()
	}
	return check.File(ctx, f, name, task)
}
