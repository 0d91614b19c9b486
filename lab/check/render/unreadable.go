package render

import (
	"errors"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/catalogue"
)

// Unreadable says in words why a file could not be checked, and what to do about it.
// Another error it gives back.
func Unreadable(err error) error {
	var u *evidence.Unreadable
	if !errors.As(err, &u) {
		return err
	}
	var e *catalogue.Error
	switch u.Fault {
	case evidence.Empty:
		e = texts.Error("file.empty", "file", u.File).WithHint(texts.Message("unreadable.empty"))
	case evidence.Foreign:
		hint := texts.Message("unreadable.foreign")
		if known := (*catalogue.Error)(nil); errors.As(u.Err, &known) && !known.Hint.IsZero() {
			hint = known.Hint
		}
		e = texts.Error("file.foreign", "file", u.File).WithHint(hint)
	case evidence.Cut:
		e = texts.Error("file.cut", "file", u.File, "packets", u.Whole, "why", u.Err).WithHint(texts.Message("unreadable.cut"))
	default:
		e = texts.Error("file.broken", "file", u.File, "why", u.Err)
	}
	e.Err = u
	return e
}
