package main

import (
	"errors"
	"fmt"
	"io"

	"chatlab/lab/show"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/tty"
)

// terminal is where a command writes.
type terminal struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	lang           catalogue.Lang
}

func (t *terminal) columns() int { return tty.Columns(t.stdout) }

func (t *terminal) colour() bool { return tty.Colour(t.stdout, t.getenv) }

// say writes a text of the catalogue to stderr.
func (t *terminal) say(key string, args ...any) {
	fmt.Fprintln(t.stderr, texts.Lab.Message(key, args...).In(t.lang))
}

// report says what went wrong and what can be done about it.
func (t *terminal) report(err error) { catalogue.Report(t.stderr, "lab", err, t.lang) }

func (t *terminal) show() show.Options {
	return show.Options{Lang: t.lang, Columns: t.columns(), Colour: t.colour()}
}

// parse reads a command's line, and with it the language. Where help was asked for
// it writes that, and gives command.ErrHelp.
func (t *terminal) parse(l *command.Line, args []string) (words []string, err error) {
	words, t.lang, err = l.Parse(args, t.getenv)
	if errors.Is(err, command.ErrHelp) {
		if e := l.WriteHelp(t.stdout, t.lang); e != nil {
			err = writeError(e)
		}
	}
	return words, err
}
