package main

import (
	"context"
	"strings"

	"chatlab/lab/texts"
	"chatlab/lab/words"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
)

// tellWords says what the words of the field mean: all of them, or those that are named.
func tellWords(_ context.Context, args []string, out *terminal) (int, error) {
	names, err := out.parse(line("words", command.Word+"…", "words.about", "words.status"), args)
	if err != nil {
		return 0, err
	}
	all := words.All(out.lang)
	if len(names) > 0 {
		if all, err = findWords(names, out.lang); err != nil {
			return 0, err
		}
	}
	style := layout.Plain
	if out.colour() {
		style = layout.Bold
	}
	var page strings.Builder
	for i, w := range all {
		if i > 0 {
			page.WriteString("\n")
		}
		page.WriteString(style.On(catalogue.List[string](w.Names(out.lang)).In(out.lang)) + "\n")
		page.WriteString(layout.Paragraph("  ", w.Means().In(out.lang), out.columns()))
	}
	return exitRight, out.write(page.String())
}

// findWords gives the words that are named: one, whose name may be of several words,
// or several.
func findWords(names []string, lang catalogue.Lang) (all []words.Word, err error) {
	if w, _, ok := words.Named(lang, strings.Join(names, " ")); ok {
		return []words.Word{w}, nil
	}
	for _, name := range names {
		w, near, ok := words.Named(lang, name)
		if !ok {
			hint := texts.Lab.Message("hint.words")
			if near != "" {
				hint = texts.Lab.Message("hint.words.near", "name", near)
			}
			return nil, texts.Lab.Error("words.unknown", "name", name).WithHint(hint)
		}
		all = append(all, w)
	}
	return all, nil
}
