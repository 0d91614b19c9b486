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
	"io"
	"net"
	"time"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
)

// The names of the stages.
const (
	Host      = "host"
	Namespace = "namespace"
	Userspace = "userspace"
	// Exact is a stage that plays a recording again (OpenReenactment).
	Exact = "exact"
)

// Names are the stages in the order in which a scripted run tries them. In a
// namespace neither a port in use nor foreign packets can disturb it. A kernel's
// packets come before those of a stack in user space, which works everywhere.
var Names = []string{Namespace, Host, Userspace}

// What the loopback of 2014 had.
const (
	loopbackMTU    = 16436 // mss 16396
	loopbackWindow = 32768 // of each SYN, and 256 << 7 afterwards
	loopbackScale  = 7
)

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
	// Capture begins to capture every packet on the loopback. A virtual clock waits
	// for who reads it, until it is closed.
	Capture() (Capture, error)
	Clock() Clock
	io.Closer
}

// Connection is a connection that will be made on a stage, as it was in 2014.
type Connection struct {
	From, To       uint16 // ports; From connects
	ISNFrom, ISNTo uint32 // the initial sequence numbers of both ends
	// Sizes are the bytes that are sent, turn by turn: by From, or, where
	// negative, by To.
	Sizes []int
}

// PreparedTime is how long a prepared connection stays so: Linux keeps TIME-WAIT for
// 60 seconds (TCP_TIMEWAIT_LEN).
const PreparedTime = 50 * time.Second

// Preparer is a stage that can bring about that connections begin with the numbers
// and keep the windows that they had.
type Preparer interface {
	// Prepare prepares each connection for the next Dial from its one port to the
	// other, within PreparedTime. It takes milliseconds, and what it sends is not on the wire any more when
	// it returns. The error says what could not be had, and why; the stage can be
	// played on all the same. What was had only the packets tell.
	Prepare(ctx context.Context, connections []Connection) error
}

// Capture is a source of packets; Close ends a Read that waits.
type Capture interface {
	capture.Source
	io.Closer
}

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
		s, _, err = openFirst(Names, Open)
		return s, err
	default:
		return nil, texts.Error("unknown", "name", name, "names", catalogue.List[string](Names))
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

// OpenScripted opens the first of the named stages that works, for whom nobody joins
// from outside: userspace is a virtual one. It returns why those before it do not. If
// none of several does, the error is a NoStage.
func OpenScripted(names ...string) (s Stage, passed []error, err error) {
	return openFirst(names, func(name string) (Stage, error) {
		if name == Userspace {
			return OpenVirtual(Virtual{Start: time.Now()})
		}
		return Open(name)
	})
}

func openFirst(names []string, open func(string) (Stage, error)) (s Stage, passed []error, err error) {
	for _, name := range names {
		if s, err = open(name); err == nil {
			return s, passed, nil
		}
		passed = append(passed, err)
	}
	if len(passed) == 1 {
		return nil, nil, err
	}
	return nil, passed, NoStage(passed)
}
