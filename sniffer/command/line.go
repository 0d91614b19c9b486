// Package command reads a command's line: flags, what they are for, and the
// language that errors and help are asked for in.
package command

import (
	"embed"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/getopt"
)

//go:embed texts/*.json
var embedded embed.FS

var texts = catalogue.Must(embedded, "texts")

// ErrHelp is what Parse gives where help was asked for.
var ErrHelp = errors.New("help requested")

// A Line is what can stand on a command's line. Its flags are the ones that were
// added, and --lang and --help.
type Line struct {
	Name   string            // what is typed: "lab run"
	Args   string            // what may stand beside flags, as File or File+"…"; "": nothing
	About  catalogue.Message // what the command does
	Status catalogue.Message // what its exit statuses mean

	options  []getopt.Option
	meanings []catalogue.Message // of the options
	lang     string
	help     bool
}

// What flags' values are called, each with a text. A value that is one of a few
// words is called by these: "fast|documented".
const (
	Address   = "address"
	Bytes     = "bytes"
	Directory = "directory"
	Duration  = "duration"
	File      = "file"
	Interface = "interface"
	Name      = "name"
	Number    = "number"
	Origin    = "origin"
	Port      = "port"
	Secret    = "secret"
	Student   = "student"
	Text      = "text"
	User      = "user"
	Word      = "word"
)

// Flag adds a flag; a name of one letter has one dash, "h,help" both. value is
// what its value is called, "" for a flag without. set is told each value.
func (l *Line) Flag(names, value string, meaning catalogue.Message, set func(value string) error) {
	o := getopt.Option{Value: value, Set: set}
	for name := range strings.SplitSeq(names, ",") {
		if len(name) == 1 {
			o.Short = name[0]
		} else {
			o.Long = name
		}
	}
	l.options, l.meanings = append(l.options, o), append(l.meanings, meaning)
}

// Bool adds a flag that says yes.
func (l *Line) Bool(p *bool, names string, meaning catalogue.Message) {
	l.Flag(names, "", meaning, func(string) error { *p = true; return nil })
}

// String adds a flag that takes any text.
func (l *Line) String(p *string, names, value string, meaning catalogue.Message) {
	l.Flag(names, value, meaning, func(s string) error { *p = s; return nil })
}

// Choice adds a flag that takes one of a few words.
func Choice[S ~string](l *Line, p *S, name string, meaning catalogue.Message, words ...S) {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	l.Flag(name, strings.Join(all, "|"), meaning, func(s string) error {
		if !slices.Contains(all, s) {
			last := len(all) - 1
			return texts.Error("choice", "flag", "--"+name, "value", s,
				"words", texts.Message("or", "words", catalogue.List[string](all[:last]), "last", all[last]))
		}
		*p = S(s)
		return nil
	})
}

// Integer adds a flag that takes a whole number of those bounds.
func Integer[N ~int | ~int64 | ~uint16](l *Line, p *N, name, value string, least, most int64, meaning catalogue.Message) {
	l.Flag(name, value, meaning, func(s string) error {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < least || n > most {
			key := "integer"
			if most < 1<<31 {
				key = "integer.between"
			}
			return texts.Error(key, "flag", "--"+name, "value", s, "least", least, "most", most)
		}
		*p = N(n)
		return nil
	})
}

// Duration adds a flag that takes a time, as "10s" or "2h".
func (l *Line) Duration(p *time.Duration, name string, meaning catalogue.Message) {
	l.Flag(name, Duration, meaning, func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 {
			return texts.Error("duration", "flag", "--"+name, "value", s)
		}
		*p = d
		return nil
	})
}

// AllowOrigins adds --allow-origin, which may be given several times.
func (l *Line) AllowOrigins(p *[]string) {
	l.Flag("allow-origin", Origin, texts.Message("flag.allow-origin"), func(s string) error {
		if s != "*" && !strings.Contains(s, "://") && s != "null" {
			return texts.Error("origin", "value", s)
		}
		*p = append(*p, s)
		return nil
	})
}

// Parse reads a command line. The language is that of --lang, else the
// environment's, also where the line is wrong. The words are what is no flag. The
// error is ErrHelp where help was asked for.
func (l *Line) Parse(args []string, getenv func(string) string) (words []string, lang catalogue.Lang, err error) {
	l.Flag("lang", choices(catalogue.Langs), texts.Message("flag.lang"), func(s string) error { l.lang = s; return nil })
	l.Bool(&l.help, "h,help", texts.Message("flag.help"))
	words, err = getopt.ParseLongOnly(args, l.options)
	lang, langErr := catalogue.Choose(l.lang, getenv)
	switch {
	case l.help:
		return words, lang, ErrHelp
	case err == nil:
		err = langErr
	}
	if err == nil && l.Args == "" && len(words) > 0 {
		err = texts.Error("words", "command", l.Name, "word", words[0])
	}
	return words, lang, l.Usage(err)
}

func choices(langs []catalogue.Lang) string {
	var all []string
	for _, lang := range langs {
		all = append(all, string(lang))
	}
	return strings.Join(all, "|")
}

// Usage adds to a fault in the command line where the flags are told.
func (l *Line) Usage(err error) error {
	if err == nil {
		return nil
	}
	hint := texts.Message("hint", "command", l.Name)
	var wrong *getopt.Error
	if errors.As(err, &wrong) && len(wrong.Suggestions) == 1 {
		hint = texts.Message("hint.near", "near", wrong.Suggestions[0], "hint", hint)
	}
	return catalogue.WithHint(err, hint)
}
