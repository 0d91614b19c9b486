package catalogue

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"strings"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what the errors of this package and of the system say.
var texts = Must(embedded, "texts")

// Error is an error that a reader is told in a language of theirs.
type Error struct {
	What Message // what went wrong, in one line; zero: what Err says
	Hint Message // what to do; zero if there is nothing to do
	Err  error   // the cause, for errors.Is; a reader sees it only as an argument of What
}

// Error gives an error with the text of key. Its cause is the first argument that
// is an error.
func (c *Catalogue) Error(key string, args ...any) *Error {
	e := &Error{What: c.Message(key, args...)}
	for i := 1; i < len(args) && e.Err == nil; i += 2 {
		e.Err, _ = args[i].(error)
	}
	return e
}

// WithHint adds what to do.
func (e *Error) WithHint(hint Message) *Error {
	e.Hint = hint
	return e
}

// WithHint adds to any error what to do.
func WithHint(err error, hint Message) *Error { return &Error{Hint: hint, Err: err} }

// Error says it in English.
func (e *Error) Error() string { return Words(e, English) }

func (e *Error) Unwrap() error { return e.Err }

// Report writes what a command could not do to w, in a line that begins with the
// command's name, and what to do about it in a second one.
func Report(w io.Writer, name string, err error, lang Lang) {
	fmt.Fprintf(w, "%s: %s\n", name, oneLine(Words(err, lang)))
	if hint := hint(err); !hint.IsZero() {
		fmt.Fprintln(w, texts.Message("hint", "text", hint).In(lang))
	}
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }

// hint gives the first hint in err.
func hint(err error) Message {
	switch e := err.(type) {
	case nil:
		return Message{}
	case *Error:
		if !e.Hint.IsZero() {
			return e.Hint
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if h := hint(inner); !h.IsZero() {
				return h
			}
		}
	}
	return hint(errors.Unwrap(err))
}
