// Package catalogue keeps the texts that students read, in every language that
// chatlab speaks. A Message is made where something is known, in no language yet,
// and turned into words where it is shown.
package catalogue

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
)

// Catalogue holds the texts of a room, by language and key.
type Catalogue struct {
	sources map[Lang]map[string]string // as in the files
	texts   map[Lang]map[string]pattern
}

// Load reads en.json, fr.json and zh.json in a directory of fsys, each an object
// of texts by key. In a text, {name} stands for an argument; see pattern for
// numbers and plurals. It is an error if a language lacks a key of another's,
// names other arguments, or lacks a form of a plural.
func Load(fsys fs.FS, dir string) (*Catalogue, error) {
	c := &Catalogue{sources: map[Lang]map[string]string{}, texts: map[Lang]map[string]pattern{}}
	for _, lang := range Langs {
		name := string(lang) + ".json"
		data, err := fs.ReadFile(fsys, path.Join(dir, name))
		if err != nil {
			return nil, err
		}
		texts := map[string]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.sources[lang], c.texts[lang] = texts, map[string]pattern{}
		for key, text := range texts {
			if c.texts[lang][key], err = parse(text, lang); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", name, key, err)
			}
		}
	}
	return c, c.check()
}

// Must is Load for an embedded catalogue, whose faults are the program's.
func Must(fsys fs.FS, dir string) *Catalogue {
	c, err := Load(fsys, dir)
	if err != nil {
		panic("catalogue: " + err.Error())
	}
	return c
}

func (c *Catalogue) check() error {
	for _, lang := range Langs {
		for key, text := range c.texts[lang] {
			for _, other := range Langs {
				translation := c.texts[other][key]
				if len(translation) == 0 {
					return fmt.Errorf("%s.json has %q, %s.json does not", lang, key, other)
				}
				if !slices.Equal(text.arguments(), translation.arguments()) {
					return fmt.Errorf("%q has other arguments in %s.json than in %s.json", key, lang, other)
				}
			}
		}
	}
	return nil
}

// Has tells whether there is a text of that key.
func (c *Catalogue) Has(key string) bool { return c.texts[English][key] != nil }

// Sources are the texts of a language by key, as its file has them.
func (c *Catalogue) Sources(lang Lang) map[string]string { return c.sources[lang] }

// Keys are the keys of all texts, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts[English])) }
