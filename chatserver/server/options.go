package server

import (
	"log/slog"
	"time"
)

// Options are the server's settings. A limit of 0 is none; Defaults gives sane
// ones.
type Options struct {
	// Clock gives the time that messages and uids show, in the zone they show it
	// in. nil: time.Now. Timeouts do not follow it.
	Clock func() time.Time
	// Log is told of joins, leaves and refusals, one line each, and not of what
	// is said, unless LogMessages is set. nil: nothing is logged.
	Log         *slog.Logger
	LogMessages bool
	// PagePort is the port of the page: a browser may connect from http:// and
	// the host it asks for, with this port, if the host is an address or a name
	// of this machine's own. 0: 55151.
	PagePort int
	// AllowOrigins are other origins to connect from ("https://chat.example"),
	// "*" for any.
	AllowOrigins []string
	// MaxMessage is the longest message, in bytes; a longer one closes its
	// sender's connection with 1009.
	MaxMessage int64
	// MaxName is the longest name of a member or room, in characters. A longer
	// one closes the connection with 1008; so does what is over the next three.
	MaxName int
	// Rate is how many messages a member may send per second, on average; in a
	// burst it may send twice as many.
	Rate int
	// MaxMembers is how many may be logged in at a time. As many more may be
	// connected without.
	MaxMembers int
	// MaxRooms is how many rooms there may be at a time.
	MaxRooms int
	// HandshakeTime is how long a client may take for its request.
	HandshakeTime time.Duration
	// IdleTime is how long a client may send nothing at all, not even the answer
	// to a heartbeat.
	IdleTime time.Duration
	// Heartbeat is after how much silence today's clients are asked for a sign
	// of life; at 2.7 times it they are given up. 0: 10 seconds.
	Heartbeat time.Duration
	// QueueBytes is how much may wait for a slow reader before it is closed with
	// 1013. 0: 1 MiB.
	QueueBytes int
}

// DefaultPagePort is the port of the page if Options do not say.
const DefaultPagePort = 55151

// Defaults returns the limits that the command has without flags.
func Defaults() Options {
	return Options{
		PagePort:      DefaultPagePort,
		MaxMessage:    64 << 10,
		MaxName:       64,
		Rate:          100,
		MaxMembers:    20000,
		MaxRooms:      10000,
		HandshakeTime: 10 * time.Second,
		IdleTime:      2 * time.Hour,
		Heartbeat:     10 * time.Second,
		QueueBytes:    1 << 20,
	}
}
