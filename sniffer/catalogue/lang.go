package catalogue

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language, by its ISO 639-1 code.
type Lang string

// The languages. They are equal: a catalogue has each text in all of them.
const (
	English Lang = "en"
	French  Lang = "fr"
	Chinese Lang = "zh"
)

// Langs are all languages. The first is for whom none of them suits.
var Langs = []Lang{English, French, Chinese}

var tags = map[Lang]language.Tag{
	English: language.English, French: language.French, Chinese: language.Chinese,
}

// matched are the languages that matcher knows. Who reads the traditional script
// reads ours too.
var (
	matched = []Lang{English, French, Chinese, Chinese}
	matcher = language.NewMatcher([]language.Tag{language.English, language.French, language.SimplifiedChinese, language.TraditionalChinese})
)

// match gives the language that suits who would have one of wanted, the best
// first.
func match(wanted ...language.Tag) (Lang, bool) {
	_, i, confidence := matcher.Match(wanted...)
	return matched[i], confidence > language.No
}

// Choose gives the language that was asked for by name, or else the one of the
// locale: the first of LC_ALL, LC_MESSAGES and LANG that is set (POSIX, Base
// Definitions 8.2), or English. With an error it gives the locale's, to say it in.
func Choose(asked string, getenv func(string) string) (Lang, error) {
	if asked != "" {
		if lang := Lang(asked); slices.Contains(Langs, lang) {
			return lang, nil
		}
		lang, _ := Choose("", getenv)
		return lang, texts.Error("lang.unknown", "asked", asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			return ofLocale(locale), nil
		}
	}
	return English, nil
}

// ofLocale gives the language of a locale's name, such as fr_CA.UTF-8@euro. C and
// POSIX are no languages.
func ofLocale(name string) Lang {
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ".")
	tag, err := language.Parse(name)
	if err != nil {
		return English
	}
	if lang, ok := match(tag); ok {
		return lang
	}
	return English
}

// Accepted gives the best language for a request's Accept-Language (RFC 9110
// §12.5.4), if one of ours is among those that it names.
func Accepted(header string) (Lang, bool) {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return "", false
	}
	return match(wanted...)
}
