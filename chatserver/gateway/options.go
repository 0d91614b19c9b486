package gateway

import (
	"log/slog"
	"net/http"
	"time"
)

// Options are a gateway's settings. A limit of 0 is none, except QueueBytes.
type Options struct {
	Log *slog.Logger
	// Origin says why a handshake may not come from a page of that origin, in a
	// line; it is asked when the request has an Origin header. nil: any may.
	Origin func(r *http.Request, origin string) error
	// Hint is what a browser is told that opens the port as a page.
	Hint string
	// MaxConnections is how many may be connected at a time; more get 503.
	MaxConnections int
	// MaxMessage is the longest message, in bytes of payload; a longer one is
	// answered with 1009.
	MaxMessage int64
	// Rate is how many messages and pings a client may send per second, on
	// average; in a burst it may send twice as many. More: 1008.
	Rate int
	// HandshakeTime is how long the request may take.
	HandshakeTime time.Duration
	// IdleTime is how long a client may send nothing at all, not even the answer
	// to a ping. Then: 1008.
	IdleTime time.Duration
	// Heartbeat is after how much silence a client that has a heartbeat (see
	// Session.SetHeartbeat) is asked for a sign of life; after twice that a Ping
	// frame is added, and at 2.7 times it counts as dead. 0: 10 seconds.
	Heartbeat time.Duration
	// QueueBytes is how much may wait for a reader that is slower than what is
	// sent to it, beyond what its socket takes. More: 1013. 0: 1 MiB.
	QueueBytes int
}

const (
	defaultHeartbeat  = 10 * time.Second
	defaultQueueBytes = 1 << 20
)
