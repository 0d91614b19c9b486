// Package gateway runs WebSocket sessions over coder/websocket: handshake,
// limits, queues, heartbeat, slow readers. It does not know what a message
// means.
//
// coder/websocket shakes hands, reads and unmasks messages, and answers control
// frames. Text messages to clients do not pass through it: a Fanout makes each
// frame once and hands it, or several that are pending, to every session's socket
// in one system call. Both ways meet in the session's send queue, which writes
// whole frames only.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Handler handles what a session's client sends. Its methods are called by the
// session's goroutine.
type Handler interface {
	// Message is called with each message, text and binary alike; p is valid
	// until it returns. While it waits, nothing more is read from that client.
	Message(p []byte)
	// Closed is called once, when nothing more comes from the client. What is
	// sent to the session up to then may still reach it.
	Closed(reason string)
}

// Gateway serves sessions.
type Gateway struct {
	opts Options
	open func(*Session, *http.Request) Handler
	log  *slog.Logger

	mu       sync.Mutex
	sessions map[*Session]struct{}
	draining bool
	wg       sync.WaitGroup
}

// New makes a gateway. open is called for each valid handshake, before it is
// answered.
func New(opts Options, open func(*Session, *http.Request) Handler) *Gateway {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Heartbeat == 0 {
		opts.Heartbeat = defaultHeartbeat
	}
	if opts.QueueBytes == 0 {
		opts.QueueBytes = defaultQueueBytes
	}
	return &Gateway{opts: opts, open: open, log: opts.Log, sessions: make(map[*Session]struct{})}
}

// shutdownTime is how long clients have, when the gateway shuts down, to read what
// is queued for them and to close.
const shutdownTime = 3 * time.Second

// Serve accepts connections until ctx is done. Then it accepts no more, sessions
// get what is queued for them and a Close with 1001, and Serve returns nil within
// 4 seconds. It closes ln, and returns only when all goroutines it started have
// ended.
func (g *Gateway) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var background sync.WaitGroup
	background.Go(func() { g.heartbeats(ctx) })
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()

	err := g.accept(ctx, ln)
	if ctx.Err() != nil {
		err = nil
	}
	ln.Close()
	cancel()
	g.shutdown()
	background.Wait()
	return err
}

func (g *Gateway) accept(ctx context.Context, ln net.Listener) error {
	var pause time.Duration
	for {
		conn, err := ln.Accept()
		if err == nil {
			pause = 0
			s := newSession(g, conn)
			if !g.add(s) {
				conn.Close()
				continue
			}
			go s.serve()
			continue
		}
		if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return err
		}
		// No descriptor is left, or the connection was gone before it was accepted.
		// Try again a little later, as net/http does.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		g.log.Warn("accept", "err", err, "pause", pause)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

func (g *Gateway) add(s *Session) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return false
	}
	g.sessions[s] = struct{}{}
	g.wg.Add(1)
	return true
}

func (g *Gateway) remove(s *Session) {
	g.mu.Lock()
	delete(g.sessions, s)
	g.mu.Unlock()
	g.wg.Done()
}

// full reports whether a session is one too many. The one that asks is counted
// already.
func (g *Gateway) full() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.draining || g.opts.MaxConnections > 0 && len(g.sessions) > g.opts.MaxConnections
}

// Len returns how many connections there are.
func (g *Gateway) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.sessions)
}

func (g *Gateway) snapshot() []*Session {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]*Session, 0, len(g.sessions))
	for s := range g.sessions {
		all = append(all, s)
	}
	return all
}

func (g *Gateway) shutdown() {
	g.mu.Lock()
	g.draining = true
	g.mu.Unlock()
	for _, s := range g.snapshot() {
		s.Close(websocket.StatusGoingAway, "the server shuts down")
	}
	done := make(chan struct{})
	go func() {
		g.wg.Wait()
		close(done)
	}()
	t := time.NewTimer(shutdownTime)
	defer t.Stop()
	select {
	case <-done:
		return
	case <-t.C:
	}
	for _, s := range g.snapshot() {
		s.conn.Close()
	}
	<-done
}
