package catalogue

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
)

// pattern is a text with places for its arguments, in the part of ICU's message
// format that a translator reads at sight (unicode-org.github.io/icu, "Formatting
// Messages"):
//
//	{name}                 the argument as it is; a whole number without grouping,
//	                       as ports and sequence numbers are written
//	{n, number}            a quantity, grouped as the language does it
//	{n, plural, one {# packet} other {# packets}}
//	                       the form that the language has for n, and in it # for
//	                       {n, number}
//
// A language has its own forms (CLDR): English and French one and other, Chinese
// other.
type pattern []part

// part is a piece of text, or an argument's place if it has a name.
type part struct {
	text    string
	name    string
	grouped bool
	plural  map[plural.Form]pattern
}

var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// parse reads a text in a language.
func parse(text string, lang Lang) (pattern, error) {
	r := reader{text, lang}
	p, err := r.pattern("")
	if err == nil && r.rest != "" {
		err = errors.New("a } without its {")
	}
	return p, err
}

type reader struct {
	rest string
	lang Lang
}

// pattern reads up to the end or to a }. In a plural of number, # stands for it.
func (r *reader) pattern(number string) (p pattern, err error) {
	special := "{}"
	if number != "" {
		special = "{}#"
	}
	for r.rest != "" {
		n := strings.IndexAny(r.rest, special)
		if n < 0 {
			n = len(r.rest)
		}
		if n > 0 {
			p = append(p, part{text: r.rest[:n]})
		}
		if r.rest = r.rest[n:]; r.rest == "" || r.rest[0] == '}' {
			return p, nil
		}
		if r.rest[0] == '#' {
			r.rest = r.rest[1:]
			p = append(p, part{name: number, grouped: true})
			continue
		}
		one, err := r.argument()
		if err != nil {
			return nil, err
		}
		p = append(p, one)
	}
	return p, nil
}

var (
	simple      = regexp.MustCompile(`^\{([a-z]+)(, number)?\}`)
	pluralBegin = regexp.MustCompile(`^\{([a-z]+), plural,`)
	pluralForm  = regexp.MustCompile(`^ ([a-z]+) \{`)
)

// argument reads {…}.
func (r *reader) argument() (part, error) {
	if m := simple.FindStringSubmatch(r.rest); m != nil {
		r.rest = r.rest[len(m[0]):]
		return part{name: m[1], grouped: m[2] != ""}, nil
	}
	m := pluralBegin.FindStringSubmatch(r.rest)
	if m == nil {
		return part{}, fmt.Errorf("no argument: %.20s", r.rest)
	}
	p := part{name: m[1], plural: map[plural.Form]pattern{}}
	for r.rest = r.rest[len(m[0]):]; !strings.HasPrefix(r.rest, "}"); r.rest = r.rest[1:] {
		m := pluralForm.FindStringSubmatch(r.rest)
		if m == nil {
			return part{}, fmt.Errorf("no form of a plural: %.20s", r.rest)
		}
		form, ok := forms[m[1]]
		if !ok || !slices.Contains(formsOf[r.lang], form) {
			return part{}, fmt.Errorf("%s has no plural form %q", r.lang, m[1])
		}
		r.rest = r.rest[len(m[0]):]
		text, err := r.pattern(p.name)
		if err != nil {
			return part{}, err
		}
		if p.plural[form] = text; r.rest == "" {
			return part{}, errors.New("a { without its }")
		}
	}
	if len(p.plural) < len(formsOf[r.lang]) {
		return part{}, fmt.Errorf("the plural of %s lacks a form", p.name)
	}
	r.rest = r.rest[1:]
	return p, nil
}

// arguments are the names of the arguments that p shows, sorted. One that only
// chooses a plural's form is not among them: another language may not need it.
func (p pattern) arguments() (names []string) {
	for _, part := range p {
		if part.name != "" && part.plural == nil {
			names = append(names, part.name)
		}
		for _, text := range part.plural {
			names = append(names, text.arguments()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
