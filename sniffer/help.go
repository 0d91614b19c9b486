package main

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/getopt"
	"chatlab/sniffer/layout"
)

// writeHelp writes each flag with what it is for.
func writeHelp(to io.Writer, lang catalogue.Lang) error {
	w := bufio.NewWriter(to)
	text := func(key string, args ...any) {
		w.WriteString(layout.Paragraph("", texts.Message(key, args...).In(lang), command.Columns))
	}
	text("version")
	text("help.usage")
	var ignored, foreign []string
	for _, f := range unsupported {
		foreign = append(foreign, f.String())
	}
	var shown []getopt.Option
	var meanings []catalogue.Message
	for _, f := range new(options).flags() {
		switch {
		case f.Set == nil:
			ignored = append(ignored, f.String())
		case !slices.Contains(foreign, f.String()):
			shown, meanings = append(shown, f), append(meanings, texts.Message("flag."+flagName(f)))
		}
	}
	w.WriteString(command.Flags(shown, meanings, lang))
	text("help.ignored", "flags", strings.Join(ignored, " "))
	text("help.unsupported", "flags", strings.Join(foreign, " "))
	text("help.status")
	return w.Flush()
}

// flagName is what a flag is called in the texts: its long name, or its letter.
func flagName(f getopt.Option) string {
	if f.Long != "" {
		return f.Long
	}
	return string(f.Short)
}
