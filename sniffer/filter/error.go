package filter

import (
	"errors"
	"fmt"
	"strings"

	"chatlab/sniffer/layout"
)

// Error says what is wrong with a filter expression, and where.
type Error struct {
	Expression string
	Offset     int    // of the word at fault, in bytes from the expression's start; its length when the end came too early
	Word       string // the word itself, "" at the end of the expression
	Msg        string // one lower-case line that names the word and what was expected
	// Rejects tells that nothing is wrong with the expression but that it can match
	// no packet of the link type.
	Rejects bool
}

// Error returns the line.
func (e *Error) Error() string { return e.Msg }

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

// fail is caught in compile: parsing and code generation are deeply recursive,
// and no caller in between has anything to add.
func fail(off int, word, format string, args ...any) {
	panic(&Error{Offset: off, Word: word, Msg: fmt.Sprintf(format, args...)})
}

func failAt(t token, format string, args ...any) { fail(t.off, t.text, format, args...) }

// interrupted is the end of a lookup that was told to end.
type interrupted struct{ error }

// userSpace says why the kernel cannot run an expression that is right.
type userSpace struct{ why string }

var errUserSpace = errors.New("the filter must run in user space")

func (u userSpace) Error() string { return u.why + "; " + errUserSpace.Error() }
func (u userSpace) Unwrap() error { return errUserSpace }

// catch turns a fail about an expression into an error; any other panic goes on.
func catch(expression string, err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		r.Expression = expression
		*err = r
	case userSpace:
		*err = r
	case LinkTypeError:
		*err = r
	case interrupted:
		*err = r.error
	default:
		panic(r)
	}
}
