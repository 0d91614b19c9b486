// Package stage is where the scenario plays. A stage has a loopback interface, makes
// connections on it, and captures their packets.
//
// The host stage is the machine's own loopback; its packets need CAP_NET_RAW.
// The namespace stage is a loopback of its own, in a user and network namespace
// (user_namespaces(7), network_namespaces(7)), and needs no privilege where the
// system lets users make such namespaces. The userspace stage is a TCP/IP stack
// inside this process, gVisor's, and needs nothing, on any system; its packets
// are no kernel's.
//
// A Relay lets a browser of this machine take part in the latter two.
package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"

	"chatlab/sniffer/capture"
)

// The names of the stages.
const (
	Host      = "host"
	Namespace = "namespace"
	Userspace = "userspace"
)

// Names are the stages in the order in which a scripted run tries them. In a
// namespace neither a port in use nor foreign packets can disturb it. A kernel's
// packets come before those of a stack in user space, which works everywhere.
var Names = []string{Namespace, Host, Userspace}

// loopbackMTU is that of 2014: mss 16396.
const loopbackMTU = 16436

var loopbackAddress = [4]byte{127, 0, 0, 1}

// Stage is a place to play.
type Stage interface {
	// Name is the stage's name, for --stage and for reports.
	Name() string
	// Listen listens on a port of 127.0.0.1.
	Listen(port uint16) (net.Listener, error)
	// Dial connects port from of 127.0.0.1 to port to. Closing the connection
	// resets it, so that the port is free again at once.
	Dial(ctx context.Context, from, to uint16) (net.Conn, error)
	// Capture begins to capture every packet on the loopback.
	Capture() (Capture, error)
	io.Closer
}

// Capture is a source of packets; Close ends a Read that waits.
type Capture interface {
	capture.Source
	io.Closer
}

// Unavailable says why a stage does not work here.
type Unavailable struct {
	Stage string
	Err   error
	// Hint is the catalogue's key of what can be done about it.
	Hint string
}

func (e *Unavailable) Error() string { return e.Stage + " stage: " + e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }

// Open opens the stage of that name, or with an empty name the first of Names that
// works. It captures once, as a stage whose packets cannot be captured is of no use.
func Open(name string) (s Stage, err error) {
	switch name {
	case Namespace:
		s, err = openNamespace()
	case Host:
		s, err = openHost()
	case Userspace:
		s, err = openUserspace()
	case "":
		s, _, err = OpenFirst(Names...)
		return s, err
	default:
		return nil, fmt.Errorf("no stage %q: take %s, %s or %s", name, Namespace, Host, Userspace)
	}
	if err != nil {
		return nil, err
	}
	c, err := s.Capture()
	if err != nil {
		s.Close()
		return nil, NoCapture(name, err)
	}
	return s, c.Close()
}

// NoCapture says that a stage's packets cannot be captured here.
func NoCapture(stage string, err error) error {
	hint := "hint.userspace"
	if stage == Host && errors.Is(err, fs.ErrPermission) {
		hint = "hint.capture"
	}
	return &Unavailable{stage, err, hint}
}

// OpenFirst opens the first of the named stages that works, and returns why those
// before it do not. If none does, its error is a *NoStage.
func OpenFirst(names ...string) (s Stage, passed []error, err error) {
	for _, name := range names {
		if s, err = Open(name); err == nil {
			return s, passed, nil
		}
		passed = append(passed, err)
	}
	return nil, passed, &NoStage{passed}
}

// NoStage says that no stage works here, and why each does not.
type NoStage struct{ Reasons []error }

func (e *NoStage) Error() string {
	s := "no stage to play on"
	for i, err := range e.Reasons {
		s += map[bool]string{true: " (", false: "; "}[i == 0] + err.Error()
	}
	return s + ")"
}

func (e *NoStage) Unwrap() []error { return e.Reasons }

// Hint returns the catalogue's key of what can be done about err, or "".
func Hint(err error) string {
	var none *NoStage
	if errors.As(err, &none) {
		return "hint.none"
	}
	var inUse *PortInUse
	if errors.As(err, &inUse) {
		return "hint.taken"
	}
	var u *Unavailable
	if errors.As(err, &u) {
		return u.Hint
	}
	return ""
}
