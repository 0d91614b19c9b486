package gateway

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"
)

// Options are a gateway's settings. A limit of 0 is none, except QueueBytes.
type Options struct {
	Log *slog.Logger
	// Origin returns an error, of one line, if pages of that origin may not connect.
	// It is called when the request has an Origin header. nil: any may.
	Origin func(r *http.Request, origin string) error
	// Hint ends the text for a browser that opens the port as a page.
	Hint string
	// Peer gives the true address of who is connected from an address, for the log.
	// nil: it is that address.
	Peer func(netip.AddrPort) netip.AddrPort
	// MaxConnections is how many connections there may be; more get 503.
	MaxConnections int
	// MaxMessage is the longest message, in bytes of payload. A longer one closes
	// the session with 1009.
	MaxMessage int64
	// Rate is how many messages and pings a client may send per second, on
	// average. A burst may have twice as many. More: 1008.
	Rate int
	// HandshakeTime is how long the request may take.
	HandshakeTime time.Duration
	// IdleTime is how long a client may send nothing at all, not even the answer
	// to a ping. Then: 1008.
	IdleTime time.Duration
	// Heartbeat is after how much silence a client is sent its heartbeat, if it has
	// one (see Session.SetHeartbeat). After twice that a Ping frame is sent too, and
	// after 2.7 times it is closed with 1001. 0: 10 seconds.
	Heartbeat time.Duration
	// QueueBytes bounds the send queue of a slow reader, which holds what its
	// socket does not take. More: 1013. 0: 1 MiB.
	QueueBytes int
}

const (
	defaultHeartbeat  = 10 * time.Second
	defaultQueueBytes = 1 << 20
)
