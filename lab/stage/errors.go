package stage

import (
	"embed"
	"errors"
	"io/fs"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var embedded embed.FS

// texts has what goes wrong with stages, and what can be done about it.
var texts = catalogue.Must(embedded, "texts")

// Unavailable says why a stage does not work here.
type Unavailable struct {
	Stage string
	Err   error
}

func (e *Unavailable) Error() string { return e.Stage + ": " + e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }

// unavailable gives an *Unavailable with its words. hint is what to do, or zero.
func unavailable(stage string, why error, hint catalogue.Message) error {
	e := texts.Error("unavailable", "stage", stage, "why", why).WithHint(hint)
	e.Err = &Unavailable{stage, why}
	return e
}

// NoCapture says that a stage's packets cannot be captured here. It is an
// *Unavailable.
func NoCapture(stage string, err error) error {
	hint := texts.Message("hint.userspace")
	if stage == Host && errors.Is(err, fs.ErrPermission) {
		hint = texts.Message("hint.capture")
	}
	return unavailable(stage, err, hint)
}

// NoStage says that none of the stages works, and why each does not.
func NoStage(reasons []error) error {
	e := texts.Error("none", "reasons", Reasons(reasons)).WithHint(texts.Message("hint.none"))
	e.Err = errors.Join(reasons...)
	return e
}

// Reasons says several errors in one line.
func Reasons(all []error) catalogue.Message {
	m := texts.Message("reason", "why", all[0])
	for _, err := range all[1:] {
		m = texts.Message("reasons", "before", m, "why", err)
	}
	return m
}
