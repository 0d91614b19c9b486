package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"chatlab/chatserver/chat"
)

// Options are the server's settings. A limit of 0 is none; Defaults gives sane
// ones.
type Options struct {
	// Clock gives the time in messages and uids, in the zone in which they show it.
	// Timeouts do not follow it. nil: time.Now.
	Clock func() time.Time
	// Log gets a line for each join, leave and refusal, and for each message if
	// LogMessages is set. nil: nothing is logged.
	Log         *slog.Logger
	LogMessages bool
	// Who gives a client a key by its handshake, before that is answered. nil: the
	// key is empty.
	Who func(*http.Request) string
	// Refuse is asked about each message that a member says, with the address that
	// it is connected from and its key, whether it is to be delivered. If not, the
	// member is told why, in today's dialect, and it is logged. Logins and
	// heartbeats go on. It must not wait. nil: all are delivered.
	Refuse func(from netip.AddrPort, who string) chat.Refusal
	// Peer gives the true address of who is connected from an address, that of a relay
	// perhaps. The log has both. nil: there is no relay.
	Peer func(netip.AddrPort) netip.AddrPort
	// PagePort is the port of the page. A browser may connect from the origin
	// http://HOST:PagePort if HOST is what it connects to, and is an address or a
	// name of this machine. 0: 55151.
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
	// MaxMembers is how many may be logged in at a time. As many again may be
	// connected without a login.
	MaxMembers int
	// MaxRooms is how many rooms there may be at a time.
	MaxRooms int
	// HandshakeTime is how long a client may take for its request.
	HandshakeTime time.Duration
	// IdleTime is how long a client may send nothing at all, not even the answer
	// to a heartbeat.
	IdleTime time.Duration
	// Heartbeat is after how much silence a client of today's dialect is sent a
	// ping. After 2.7 times that it is closed. 0: 10 seconds.
	Heartbeat time.Duration
	// QueueBytes bounds the send queue of a slow reader, which is closed with 1013
	// when it overflows. 0: 1 MiB.
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
