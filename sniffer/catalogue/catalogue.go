// Package catalogue keeps the texts that students read, in every language that
// chatlab speaks.
package catalogue

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Lang is a language, by its ISO 639-1 code.
type Lang string

// The languages. They are equal: a catalogue has each text in all of them.
const (
	English Lang = "en"
	French  Lang = "fr"
	Chinese Lang = "zh"
)

// Langs are all languages.
var Langs = []Lang{English, French, Chinese}

// Catalogue holds texts by language and key.
type Catalogue map[Lang]map[string]string

// Load reads en.json, fr.json and zh.json from fsys, each an object of texts by
// key. In a text, {name} stands for an argument. It is an error if a language
// lacks a key of another's or names other arguments.
func Load(fsys fs.FS) (Catalogue, error) {
	c := Catalogue{}
	for _, lang := range Langs {
		data, err := fs.ReadFile(fsys, string(lang)+".json")
		if err != nil {
			return nil, err
		}
		texts := map[string]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("%s.json: %w", lang, err)
		}
		c[lang] = texts
	}
	return c, c.check()
}

// Sub is fs.Sub for a folder that is embedded and so is there.
func Sub(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic("catalogue: " + err.Error())
	}
	return sub
}

// Must is Load for an embedded catalogue, whose faults are the program's.
func Must(fsys fs.FS) Catalogue {
	c, err := Load(fsys)
	if err != nil {
		panic("catalogue: " + err.Error())
	}
	return c
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func (c Catalogue) check() error {
	for _, lang := range Langs {
		for key, text := range c[lang] {
			for _, other := range Langs {
				translation := c[other][key]
				if translation == "" {
					return fmt.Errorf("%s.json has %q, %s.json does not", lang, key, other)
				}
				if !slices.Equal(arguments(text), arguments(translation)) {
					return fmt.Errorf("%q has other arguments in %s.json than in %s.json", key, lang, other)
				}
			}
		}
	}
	return nil
}

func arguments(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Text gives the text of key with its arguments filled in: name, value, name,
// value. A key that the catalogue does not have, and an argument that the text
// names and is not given, are faults of the program: a test panics, a reader sees
// that a text is missing, and which, instead of a sentence with a key in it.
func (c Catalogue) Text(lang Lang, key string, args ...string) string {
	text, ok := c[lang][key]
	if !ok {
		return fault("no text for %s in %s", key, lang)
	}
	if testing.Testing() {
		for _, name := range arguments(text) {
			if !given(args, strings.Trim(name, "{}")) {
				return fault("%s in %s is not given %s", key, lang, name)
			}
		}
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs[i], pairs[i+1] = "{"+args[i]+"}", args[i+1]
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func given(args []string, name string) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return true
		}
	}
	return false
}

// fault ends a test, and stands in place of a text elsewhere.
func fault(format string, args ...any) string {
	what := fmt.Sprintf(format, args...)
	if testing.Testing() {
		panic("catalogue: " + what)
	}
	return "[" + what + "]"
}

// Choose gives the language that was asked for by name, or else the one of the
// locale: the first of LC_ALL, LC_MESSAGES and LANG that is set, or English.
func Choose(asked string, getenv func(string) string) (Lang, error) {
	if asked != "" {
		if lang := Lang(asked); slices.Contains(Langs, lang) {
			return lang, nil
		}
		return "", fmt.Errorf("no language %q: take en, fr or zh", asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			for _, lang := range Langs {
				if locale == string(lang) || strings.HasPrefix(locale, string(lang)+"_") || strings.HasPrefix(locale, string(lang)+".") {
					return lang, nil
				}
			}
			return English, nil
		}
	}
	return English, nil
}
