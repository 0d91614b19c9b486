package catalogue

import (
	"fmt"
	"strings"
	"testing"
)

// Message is a text in no language yet: a catalogue's key and its arguments. The
// zero value is no text. A key that the catalogue does not have, and an argument
// that the text names and is not given, are faults of the program: a test panics,
// a reader sees which text is missing, instead of a sentence with a key in it.
type Message struct {
	catalogue *Catalogue
	key       string
	args      []any
}

// List is an argument of several values, joined by the language's own sign.
type List[T string | Message] []T

// In gives the list in a language.
func (l List[T]) In(lang Lang) string {
	all := make([]string, len(l))
	for i, v := range l {
		switch v := any(v).(type) {
		case string:
			all[i] = v
		case Message:
			all[i] = v.In(lang)
		}
	}
	return strings.Join(all, signs[lang].list)
}

// Message gives the text of key with its arguments: name, value, name, value. A
// value is a string, a number (whole, or a Decimal), another Message, a List, an
// error, or something with a String method.
func (c *Catalogue) Message(key string, args ...any) Message { return Message{c, key, args} }

// IsZero tells that there is no text.
func (m Message) IsZero() bool { return m.key == "" }

// Key is the text's name in its catalogue, the same in every language.
func (m Message) Key() string { return m.key }

// In gives the text in a language.
func (m Message) In(lang Lang) string {
	if m.IsZero() {
		return ""
	}
	text, ok := m.catalogue.texts[lang][m.key]
	if !ok {
		return fault("no text for %s in %s", m.key, lang)
	}
	if testing.Testing() {
		// All of them, also those of a plural's other forms.
		for _, name := range text.arguments() {
			if m.arg(name) == nil {
				return fault("%s in %s is not given {%s}", m.key, lang, name)
			}
		}
	}
	var b strings.Builder
	m.write(&b, text, lang)
	return strings.TrimSpace(b.String())
}

func (m Message) write(b *strings.Builder, text pattern, lang Lang) {
	for _, part := range text {
		if part.name == "" {
			b.WriteString(part.text)
			continue
		}
		v := m.arg(part.name)
		n, isNumber := digits(v)
		switch {
		case part.plural != nil && isNumber:
			m.write(b, part.plural[form(n, lang)], lang)
		case isNumber:
			b.WriteString(number(n, lang, part.grouped))
		case part.plural != nil || part.grouped:
			b.WriteString(fault("%s in %s: {%s} is no number", m.key, lang, part.name))
		default:
			b.WriteString(m.word(v, lang))
		}
	}
}

func (m Message) arg(name string) any {
	for i := 0; i+1 < len(m.args); i += 2 {
		if m.args[i] == name {
			return m.args[i+1]
		}
	}
	return nil
}

// word gives an argument that is no number in a language.
func (m Message) word(v any, lang Lang) string {
	switch v := v.(type) {
	case string:
		return v
	case Message:
		return v.In(lang)
	case List[string]:
		return v.In(lang)
	case List[Message]:
		return v.In(lang)
	case error:
		return Words(v, lang)
	case fmt.Stringer:
		return v.String()
	}
	return fault("%s in %s: no argument can be a %T", m.key, lang, v)
}

// fault ends a test, and stands in place of a text elsewhere.
func fault(format string, args ...any) string {
	what := fmt.Sprintf(format, args...)
	if testing.Testing() {
		panic("catalogue: " + what)
	}
	return "[" + what + "]"
}
