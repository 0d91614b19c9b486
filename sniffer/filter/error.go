package filter

import (
	"embed"
	"errors"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what can be wrong with an expression.
var texts = catalogue.Must(embedded, "texts")

// Error says what is wrong with a filter expression, and where.
type Error struct {
	Expression string
	Offset     int               // of the word at fault, in bytes from the expression's start; its length when the end came too early
	Word       string            // the word itself, "" at the end of the expression
	What       catalogue.Message // names the word and what was expected
	// Rejects tells that nothing is wrong with the expression but that it can match
	// no packet of the link type.
	Rejects bool
}

// Error says it in English.
func (e *Error) Error() string { return e.What.In(catalogue.English) }

// Message says it.
func (e *Error) Message() catalogue.Message { return e.What }

// Point returns two lines: the expression, and carets under the word at fault.
// Line breaks and tabs of the expression are shown as spaces.
func (e *Error) Point() string {
	shown := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, s)
	}
	before := layout.Width(shown(e.Expression[:e.Offset]))
	return shown(e.Expression) + "\n" + strings.Repeat(" ", before) + strings.Repeat("^", max(1, layout.Width(shown(e.Word))))
}

// errUserSpace is the failure where the kernel cannot run what is right.
var errUserSpace = errors.New("the filter must run in user space")

// failure is what compile and parse are left with: they are deeply recursive, and
// no caller in between has anything to add.
type failure struct{ error }

// shownLength is how many characters of a word are shown.
const shownLength = 100

// fail says what is wrong with a word of the expression.
func fail(off int, word, key string, args ...any) {
	args = append(args, "word", word)
	for i := 1; i < len(args); i += 2 {
		if s, ok := args[i].(string); ok {
			args[i] = layout.Quote(s, shownLength)
		}
	}
	panic(failure{&Error{Offset: off, Word: word, What: texts.Message(key, args...)}})
}

func failAt(t token, key string, args ...any) { fail(t.off, t.text, key, args...) }

// catch turns a failure with an expression into an error; any other panic goes
// on.
func catch(expression string, err *error) {
	r := recover()
	f, ok := r.(failure)
	if r != nil && !ok {
		panic(r)
	}
	if wrong, ok := f.error.(*Error); ok {
		wrong.Expression = expression
	}
	if f.error != nil {
		*err = f.error
	}
}
