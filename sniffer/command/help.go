package command

import (
	"io"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/getopt"
	"chatlab/sniffer/layout"
)

// Columns is how wide help is at most.
const Columns = 80

// WriteHelp writes what the command does, its flags with what they are for, and
// its exit statuses.
func (l *Line) WriteHelp(w io.Writer, lang catalogue.Lang) error {
	var out strings.Builder
	usage := l.Name + " " + texts.Message("flags").In(lang)
	if arg, more := strings.CutSuffix(l.Args, "…"); arg != "" {
		words := strings.Split(arg, "|")
		for i, word := range words {
			words[i] = valueName(word, lang)
		}
		usage += " " + strings.Join(words, "|")
		if more {
			usage += "…"
		}
	}
	out.WriteString(layout.Paragraph("", texts.Message("usage", "usage", usage).In(lang), Columns) + "\n")
	for part := range strings.Lines(l.About.In(lang)) {
		out.WriteString(layout.Paragraph("", strings.TrimSuffix(part, "\n"), Columns))
	}
	out.WriteString("\n" + Flags(l.options, l.meanings, lang))
	out.WriteString("\n" + layout.Paragraph("", l.Status.In(lang), Columns))
	_, err := io.WriteString(w, out.String())
	return err
}

// Flags lays options out, each with its meaning beside it.
func Flags(options []getopt.Option, meanings []catalogue.Message, lang catalogue.Lang) string {
	const most = 36 // columns that names may take
	names, wide := make([]string, len(options)), 0
	for i, o := range options {
		names[i] = flagNames(o, lang) + "  "
		if n := layout.Width(names[i]); n <= most {
			wide = max(wide, n)
		}
	}
	var out strings.Builder
	for i, name := range names {
		if layout.Width(name) > wide {
			out.WriteString(strings.TrimRight(name, " ") + "\n")
			name = ""
		}
		out.WriteString(layout.Paragraph(layout.Pad(name, wide), meanings[i].In(lang), Columns))
	}
	return out.String()
}

func flagNames(o getopt.Option, lang catalogue.Lang) string {
	names := "      --" + o.Long
	if o.Short != 0 {
		names = "  -" + string(o.Short)
		if o.Long != "" {
			names += ", --" + o.Long
		}
	}
	if o.Value == "" {
		return names
	}
	return names + " " + valueName(o.Value, lang)
}

func valueName(value string, lang catalogue.Lang) string {
	if key := "value." + value; texts.Has(key) {
		return texts.Message(key).In(lang)
	}
	return value
}
