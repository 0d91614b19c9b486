package main

import (
	"errors"
	"strings"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/getopt"
	"chatlab/sniffer/tcpdump"
)

// options are what the command line says.
type options struct {
	source sourceOptions
	filter filterOptions
	output outputOptions

	count uint64 // -c; 0: all
	user  string // -Z
	lang  string // --lang

	help, version, list, linkTypes bool
	foreign                        bool // -f
}

// parse reads the command line. The options are there also where it is wrong.
func parse(args []string) (*options, error) {
	o := &options{source: sourceOptions{capture: capture.Options{Promiscuous: true}}}
	words, err := getopt.Parse(args, o.flags())
	if err != nil {
		return o, withHint(err)
	}
	o.filter.expression = strings.Join(words, " ")
	switch {
	case o.output.print.Time > tcpdump.TimeSinceFirst:
		return o, texts.Error("options.time")
	case o.foreign && o.source.file != "":
		return o, texts.Error("options.foreign")
	}
	return o, nil
}

// withHint adds to a fault in the command line what to do.
func withHint(err error) error {
	var wrong *getopt.Error
	switch {
	case !errors.As(err, &wrong) || wrong.Fault == getopt.NameTakesNone || wrong.Fault == getopt.AmbiguousName:
		return err
	case len(wrong.Suggestions) > 0:
		return catalogue.WithHint(err, texts.Message("hint.near", "name", wrong.Suggestions[0], "flags", seeFlags()))
	}
	return catalogue.WithHint(err, seeFlags())
}
