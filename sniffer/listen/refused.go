package listen

import (
	"errors"
	"io/fs"
	"syscall"

	"chatlab/sniffer/catalogue"
)

// Refused says that a port of this machine cannot be had.
type Refused struct {
	Port uint16
	// Process is what has the port, or "" where this process cannot tell.
	Process string
	Err     error
}

// Refuse says why port cannot be had: err is what the system said.
func Refuse(port uint16, err error) *Refused {
	r := &Refused{Port: port, Err: err}
	if inUse(err) {
		r.Process = listeningProcess(port)
	}
	return r
}

func (r *Refused) Error() string { return r.Message().In(catalogue.English) }
func (r *Refused) Unwrap() error { return r.Err }

// Message says it.
func (r *Refused) Message() catalogue.Message {
	switch {
	case r.Process != "":
		return texts.Message("in-use.by", "port", r.Port, "process", r.Process)
	case inUse(r.Err):
		return texts.Message("in-use", "port", r.Port)
	case forbidden(r.Err):
		return texts.Message("forbidden", "port", r.Port)
	}
	return texts.Message("refused", "port", r.Port, "why", r.Err)
}

// Remedy adds to an error what can be done about it, if a *Refused is in it. flag
// chooses another port.
func Remedy(err error, flag string) error {
	var r *Refused
	if !errors.As(err, &r) {
		return err
	}
	hint := texts.Message("hint.other", "flag", flag)
	switch {
	case inUse(r.Err):
		hint = texts.Message("hint.in-use", "flag", flag)
	case forbidden(r.Err) && r.Port < 1024:
		hint = texts.Message("hint.low", "flag", flag)
	case forbidden(r.Err):
		hint = texts.Message("hint.kept", "flag", flag)
	}
	return catalogue.WithHint(err, hint)
}

// The errors of winsock2.h, which package syscall does not have on every system: Windows
// gives them in the place of the others.
const (
	wsaeacces        = syscall.Errno(10013)
	wsaeafnosupport  = syscall.Errno(10047)
	wsaeaddrinuse    = syscall.Errno(10048)
	wsaeaddrnotavail = syscall.Errno(10049)
)

func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaeaddrinuse)
}

// forbidden tells of a port that this user may not have, or that Windows keeps for
// itself.
func forbidden(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, wsaeacces)
}

// elsewhere tells of an address that this machine does not have.
func elsewhere(err error) bool {
	for _, e := range []error{syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, wsaeaddrnotavail, wsaeafnosupport} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
