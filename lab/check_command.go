package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/render"
	"chatlab/lab/check/steps"
)

// checkFiles holds capture files against the scenario.
func checkFiles(ctx context.Context, args []string, out terminal) (int, error) {
	flags := flagSet("check")
	lang := flags.String("lang", "", "")
	var task steps.Task
	flags.StringVar(&task.Nick, "nick", "", "")
	flags.StringVar(&task.Message, "message", "", "")
	asJSON := flags.Bool("json", false, "")
	page := flags.String("html", "", "")
	files, err := parseMixed(flags, args, &out, lang)
	if err != nil {
		return 0, withUsage(err, render.Usage(out.lang))
	}
	if len(files) == 0 {
		return 0, &usageError{errors.New("check needs a capture file")}
	}
	if *asJSON && *page == "-" {
		return 0, &usageError{errors.New("--json and --html - cannot both have standard output")}
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
			fmt.Fprintf(out.stderr, "lab: %s\n", oneLine(unread))
			if hint := render.Hint(unread, out.lang); hint != "" {
				out.say("hint", "text", hint)
			}
		}
		if report == nil {
			status = exitFailed
			continue
		}
		if !report.OK && status == exitRight {
			status = exitDiffers
		}
		var err error
		checked = append(checked, render.Checked{File: file, Report: report})
		switch {
		case *asJSON:
			err = render.JSON(out.stdout, file, report, out.lang)
		case *page == "-": // the page takes the place of the text
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
	if *page == "" || len(checked) == 0 {
		return status, nil
	}
	var html bytes.Buffer
	if err := render.HTML(&html, checked, out.lang); err != nil {
		return 0, err
	}
	if *page == "-" {
		_, err := out.stdout.Write(html.Bytes())
		return status, err
	}
	return status, os.WriteFile(*page, html.Bytes(), 0o644)
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
