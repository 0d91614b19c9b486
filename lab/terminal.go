package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"chatlab/lab/show"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tty"
)

// terminal is where a command writes.
type terminal struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	lang           catalogue.Lang
}

func (t terminal) columns() int { return tty.Columns(t.stdout) }

func (t terminal) colour() bool { return tty.Colour(t.stdout, t.getenv) }

// say writes a text of the catalogue to stderr.
func (t terminal) say(key string, args ...any) {
	fmt.Fprintln(t.stderr, texts.Lab.Message(key, args...).In(t.lang))
}

func (t terminal) show() show.Options {
	return show.Options{Lang: t.lang, Columns: t.columns(), Colour: t.colour()}
}

// shared are the flags of every command that shows packets.
type shared struct {
	set     *flag.FlagSet
	lang    string
	plain   bool
	pace    string
	file    string
	earlier bool
}

func sharedFlags(name string) *shared {
	s := &shared{set: flagSet(name)}
	s.set.StringVar(&s.lang, "lang", "", "")
	s.set.BoolVar(&s.plain, "plain", false, "")
	s.set.StringVar(&s.pace, "pace", "fast", "")
	s.set.StringVar(&s.file, "w", "", "")
	s.set.BoolVar(&s.earlier, "with-earlier", false, "")
	return s
}

// parse reads args and sets out's language.
func (s *shared) parse(args []string, out *terminal) error {
	if err := parse(s.set, args, out, &s.lang); err != nil {
		return err
	}
	if s.pace != "fast" && s.pace != "documented" {
		return &usageError{fmt.Errorf("no pace %q: take fast or documented", s.pace)}
	}
	return nil
}

// flagSet makes a command's flags; what they mean stands in the usage text.
func flagSet(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// parse reads args, which are flags alone, and sets out's language.
func parse(set *flag.FlagSet, args []string, out *terminal, lang *string) error {
	rest, err := parseMixed(set, args, out, lang)
	if err == nil && len(rest) > 0 {
		return &usageError{fmt.Errorf("%s takes no argument %q", set.Name(), rest[0])}
	}
	return err
}

// parseMixed reads args, sets out's language and gives back what is no flag.
// Flags may stand behind other words; "--" ends them.
func parseMixed(set *flag.FlagSet, args []string, out *terminal, lang *string) (rest []string, err error) {
	for {
		if err := set.Parse(args); err == flag.ErrHelp {
			return nil, &helpRequest{error: err}
		} else if err != nil {
			return nil, &usageError{err}
		}
		if set.NArg() == 0 {
			break
		}
		if n := len(args) - set.NArg(); n > 0 && args[n-1] == "--" {
			rest = append(rest, set.Args()...)
			break
		}
		rest, args = append(rest, set.Arg(0)), set.Args()[1:]
	}
	if out.lang, err = catalogue.Choose(*lang, out.getenv); err != nil {
		return nil, &usageError{err}
	}
	return rest, nil
}

// withUsage gives a request for help a command's own usage.
func withUsage(err error, usage string) error {
	var help *helpRequest
	if errors.As(err, &help) {
		help.usage = usage
	}
	return err
}
