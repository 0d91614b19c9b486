// Package words is the glossary: the words of the field that a newcomer meets in the
// guide, the tutorials, the page and the comments, each with what it means. A word is
// two texts: "name.KEY" and "means.KEY".
package words

import (
	"embed"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has for each word its names, with what else it is met as behind a bar
// ("acknowledgement number, ack | ack number"), and in a sentence or two what it means.
// What stands before the first colon, semicolon or full stop explains it by words that
// are not explained by it in turn.
var texts = catalogue.Must(embedded, "texts")

// Word is a word of the glossary, by its key.
type Word string

// Means says what the word means.
func (w Word) Means() catalogue.Message { return texts.Message("means." + string(w)) }

// Short is the first sentence of what the word means, without the full stop.
func (w Word) Short(lang catalogue.Lang) string {
	first := strings.SplitAfterN(strings.Replace(w.Means().In(lang), "。", ". ", 1), ". ", 2)[0]
	return strings.TrimSuffix(strings.TrimSpace(first), ".")
}

// Names are what the word is called in a language, the usual name first.
func (w Word) Names(lang catalogue.Lang) []string {
	names, _ := w.spelled(lang)
	return names
}

// spelled gives a word's names, and the other forms in which it is met.
func (w Word) spelled(lang catalogue.Lang) (names, other []string) {
	shown, rest, _ := strings.Cut(texts.Message("name."+string(w)).In(lang), " | ")
	return list(shown), list(rest)
}

func list(text string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(text, ", ", "、"), func(r rune) bool { return r == '、' })
}

// all are the words in the order of their keys.
var all = func() (words []Word) {
	for _, key := range texts.Keys() {
		if word, ok := strings.CutPrefix(key, "means."); ok {
			words = append(words, Word(word))
		}
	}
	return words
}()

// All gives all words, sorted by their names as a dictionary of that language does.
func All(lang catalogue.Lang) []Word {
	order := collate.New(language.Make(string(lang)), collate.IgnoreCase)
	return slices.SortedFunc(slices.Values(all), func(a, b Word) int {
		return order.CompareString(a.Names(lang)[0], b.Names(lang)[0])
	})
}
