// Package server is the chat server: it puts the chat, the dialects and the
// gateway together.
package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"chatlab/chatserver/chat"
	"chatlab/chatserver/dialect"
	"chatlab/chatserver/gateway"
)

// Server is a chat server. It serves any number of listeners, and the clients of
// all share the same rooms.
type Server struct {
	opts    Options
	log     *slog.Logger
	named   sync.Once
	today   atomic.Pointer[dialect.OfToday] // named for the first listener
	serving atomic.Int32                    // listeners

	mu    sync.Mutex
	round *round
}

// New makes a server that has no listener yet.
func New(opts Options) *Server {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.PagePort == 0 {
		opts.PagePort = DefaultPagePort
	}
	s := &Server{opts: opts, log: opts.Log}
	s.today.Store(dialect.NewToday(netip.AddrPort{}))
	s.round = newRound(chat.NewHub(chat.Options{
		Clock:      opts.Clock,
		MaxMembers: opts.MaxMembers,
		MaxRooms:   opts.MaxRooms,
	}, func(string) chat.Broadcaster[*gateway.Session] { return newBroadcaster(s) }))
	return s
}

// Serve serves the clients that connect to ln, until ctx is done. Then it accepts
// no more, members get what is queued for them and a Close with 1001, and Serve
// returns nil within 4 seconds. Otherwise it returns ln's error. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if addr, err := netip.ParseAddrPort(ln.Addr().String()); err == nil {
		s.named.Do(func() { s.today.Store(dialect.NewToday(addr)) })
	}
	s.serving.Add(1)
	defer s.serving.Add(-1)
	// Before any session is closed, all that is pending gets into its send queue.
	inner, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	defer context.AfterFunc(ctx, func() {
		r := s.now()
		if s.serving.Load() == 1 {
			r.hub.Close()
		}
		r.sync()
		end()
	})()
	g := gateway.New(gateway.Options{
		Log:            s.log,
		Origin:         s.checkOrigin,
		Peer:           s.opts.Peer,
		Hint:           "; the page is at port " + strconv.Itoa(s.opts.PagePort),
		MaxConnections: 2 * s.opts.MaxMembers,
		MaxMessage:     s.opts.MaxMessage,
		Rate:           s.opts.Rate,
		HandshakeTime:  s.opts.HandshakeTime,
		IdleTime:       s.opts.IdleTime,
		Heartbeat:      s.opts.Heartbeat,
		QueueBytes:     s.opts.QueueBytes,
	}, s.open)
	return g.Serve(inner, ln)
}

func (s *Server) open(sess *gateway.Session, r *http.Request) gateway.Handler {
	c := &client{srv: s, sess: sess}
	if s.opts.Who != nil {
		c.who = s.opts.Who(r)
	}
	s.enter(c)
	return c
}
