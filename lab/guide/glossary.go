package guide

import (
	"slices"
	"strings"

	"chatlab/lab/words"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tcpdump"
)

// explained gives outputs and, behind each, what the words in it mean that the lesson
// has not said before; a command stays with the text that it belongs to. A lesson that
// is gone on with explains none again.
func (l *Lesson) explained(out []Output) (all []Output) {
	var meanings []Output
	for _, o := range out {
		if o.Kind != Command {
			all, meanings = append(all, meanings...), nil
		}
		all = append(all, o)
		text := o.Text
		if o.Kind == Show {
			text = l.shownText(o.Packet)
		}
		meanings = append(meanings, l.meanings(text)...)
	}
	return append(all, meanings...)
}

// meanings explains the words of text, and those of what explains them.
func (l *Lesson) meanings(text string) (all []Output) {
	for _, w := range words.In(l.lang, text) {
		if !slices.Contains(l.state.Explained, w) {
			l.state.Explained = append(l.state.Explained, w)
			o := Output{Kind: Word, Text: l.text("word", "name", catalogue.List[string](w.Names(l.lang)), "means", w.Short(l.lang))}
			all = append(append(all, o), l.meanings(o.Text)...)
		}
	}
	return all
}

// shownText is what is shown of a packet: its comment, and the line of tcpdump.
func (l *Lesson) shownText(i int) string {
	r := l.trace.records[i]
	var b strings.Builder
	b.WriteString(strings.Join(append([]string{r.comment.Title(l.lang)}, r.comment.Lines(l.lang)...), "\n") + "\n")
	p := tcpdump.NewPrinter(&b, tcpdump.Options{Numeric: 1})
	if p.Print(r.segment.Packet) == nil {
		_ = p.Flush() // a Builder takes everything
	}
	return b.String()
}
