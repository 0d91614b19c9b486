// Package tty asks the terminal that somebody reads or types on.
package tty

import (
	"os"

	"golang.org/x/term"
)

// Is tells whether f is a file that is a terminal.
func Is(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// Columns gives the width to break lines to that are written to f: a terminal's
// own, at most 100, for longer lines are hard to read; else 80.
func Columns(f any) int {
	if file, ok := f.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return min(width, 100)
		}
	}
	return 80
}

// Colour tells whether what is written to f may be coloured: on a terminal that
// knows escape sequences, if NO_COLOR does not forbid it (no-color.org).
func Colour(f any, getenv func(string) string) bool {
	return Is(f) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
