package render

import (
	"errors"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/catalogue"
)

// Hint says what to do about a file that could not be checked, or nothing.
func Hint(err error, lang catalogue.Lang) string {
	var u *evidence.Unreadable
	if !errors.As(err, &u) || u.Fault == evidence.Broken || u.Fault == evidence.Trailing {
		return ""
	}
	return texts.Message("unreadable." + string(u.Fault)).In(lang)
}

// Usage tells how captures are checked on the command line.
func Usage(lang catalogue.Lang) string { return texts.Message("usage").In(lang) }
