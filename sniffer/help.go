package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/getopt"
	"chatlab/sniffer/layout"
)

const version = "sniffer (prints as tcpdump 4.99 does)\n"

// The help's columns: those of the flags, and all of them.
const (
	flagColumns = 36
	helpColumns = 80
)

// writeHelp writes each flag with what it is for.
func writeHelp(to io.Writer, lang catalogue.Lang) error {
	w := bufio.NewWriter(to)
	w.WriteString(version)
	text := func(key string, args ...any) {
		w.WriteString(layout.Paragraph("", texts.Message(key, args...).In(lang), helpColumns))
	}
	text("help.usage")
	var ignored, foreign []string
	for _, f := range unsupported {
		foreign = append(foreign, f.String())
	}
	for _, f := range new(options).flags() {
		switch {
		case f.Set == nil:
			ignored = append(ignored, f.String())
		case !slices.Contains(foreign, f.String()):
			writeFlag(w, f, lang)
		}
	}
	text("help.ignored", "flags", strings.Join(ignored, " "))
	text("help.unsupported", "flags", strings.Join(foreign, " "))
	text("help.status")
	return w.Flush()
}

func writeFlag(w io.Writer, f getopt.Option, lang catalogue.Lang) {
	names := "      --" + f.Long
	if f.Short != 0 {
		names = "  -" + string(f.Short)
		if f.Long != "" {
			names += ", --" + f.Long
		}
	}
	if f.Value != "" {
		names += " " + valueName(f.Value, lang)
	}
	if layout.Width(names) >= flagColumns {
		fmt.Fprintln(w, names)
		names = ""
	}
	io.WriteString(w, layout.Paragraph(layout.Pad(names, flagColumns), texts.Message("flag."+flagName(f)).In(lang), helpColumns))
}

// flagName is what a flag is called in the texts: its long name, or its letter.
func flagName(f getopt.Option) string {
	if f.Long != "" {
		return f.Long
	}
	return string(f.Short)
}

func valueName(value string, lang catalogue.Lang) string {
	if key := "value." + value; texts.Has(key) {
		return texts.Message(key).In(lang)
	}
	return value
}
