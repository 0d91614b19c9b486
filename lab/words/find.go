package words

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/spelling"
)

// form is one way to write a word.
type form struct {
	text string
	word Word
}

// forms has each language's, the longest first.
var forms = func() map[catalogue.Lang][]form {
	in := map[catalogue.Lang][]form{}
	for _, lang := range catalogue.Langs {
		for _, w := range all {
			names, other := w.spelled(lang)
			for _, name := range append(names, other...) {
				for _, text := range written(name, lang) {
					in[lang] = append(in[lang], form{text, w})
				}
			}
		}
		slices.SortStableFunc(in[lang], func(a, b form) int { return cmp.Compare(len(b.text), len(a.text)) })
	}
	return in
}()

// written gives the ways to write a name: in the plural, and at a sentence's beginning.
func written(name string, lang catalogue.Lang) []string {
	ways := append(plurals(name, lang), name)
	for _, way := range ways {
		if first, n := utf8.DecodeRuneInString(way); strings.ToLower(way) == way && unicode.IsLower(first) {
			ways = append(ways, string(unicode.ToUpper(first))+way[n:])
		}
	}
	return ways
}

// plurals gives the regular ones; a catalogue has the others behind its bar.
func plurals(name string, lang catalogue.Lang) []string {
	switch lang {
	case catalogue.English:
		if strings.HasSuffix(name, "s") {
			return []string{name + "es"}
		}
		return []string{name + "s"}
	case catalogue.French:
		// Of its noun alone, or with what agrees with it: numéros de séquence, numéros relatifs.
		parts := strings.Fields(name)
		for i, part := range parts {
			parts[i] = part + "s"
			if strings.HasSuffix(part, "eau") {
				parts[i] = part + "x"
			}
		}
		_, rest, _ := strings.Cut(name, " ")
		return []string{strings.Join(parts, " "), strings.TrimSpace(parts[0] + " " + rest)}
	}
	return nil
}

// In gives the words of the glossary that a text in that language has, in the order
// of their first places. Of forms that begin at one place the longest counts.
func In(lang catalogue.Lang, text string) (found []Word) {
	before := ' '
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		if f, ok := beginning(lang, text, before); ok {
			if !slices.Contains(found, f.word) {
				found = append(found, f.word)
			}
			n = len(f.text)
			r, _ = utf8.DecodeLastRuneInString(f.text)
		}
		before, text = r, text[n:]
	}
	return found
}

// formsAt has them by their first bytes: each place of a text is looked at.
var formsAt = func() map[catalogue.Lang]map[byte][]form {
	in := map[catalogue.Lang]map[byte][]form{}
	for lang, all := range forms {
		in[lang] = map[byte][]form{}
		for _, f := range all {
			in[lang][f.text[0]] = append(in[lang][f.text[0]], f)
		}
	}
	return in
}()

// beginning gives the longest form that text begins with, as whole words.
func beginning(lang catalogue.Lang, text string, before rune) (form, bool) {
	all := formsAt[lang][text[0]]
	i := slices.IndexFunc(all, func(f form) bool {
		if !strings.HasPrefix(text, f.text) {
			return false
		}
		first, _ := utf8.DecodeRuneInString(f.text)
		last, _ := utf8.DecodeLastRuneInString(f.text)
		after, _ := utf8.DecodeRuneInString(text[len(f.text):])
		return !(joins(before) && joins(first)) && !(joins(last) && joins(after))
	})
	if i < 0 {
		return form{}, false
	}
	return all[i], true
}

// joins tells whether r makes one word with what stands beside it. Chinese characters
// have no blanks between words.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') && !unicode.Is(unicode.Han, r)
}

// Named gives the word that is called or written so: in that language, else in another;
// as it stands, else in other capitals. near is the nearest name where there is none.
func Named(lang catalogue.Lang, name string) (w Word, near string, ok bool) {
	langs := append([]catalogue.Lang{lang}, catalogue.Langs...)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, l := range langs {
			if i := slices.IndexFunc(forms[l], func(f form) bool { return same(f.text, name) }); i >= 0 {
				return forms[l][i].word, "", true
			}
		}
	}
	best := 2 + utf8.RuneCountInString(name)/4 // as sniffer/getopt has it
	for _, w := range All(lang) {
		for _, n := range w.Names(lang) {
			d := spelling.Distance(strings.ToLower(name), strings.ToLower(n))
			if slices.Contains(strings.Fields(n), name) {
				d = 1
			}
			if d < best {
				best, near = d, n
			}
		}
	}
	return "", near, false
}
