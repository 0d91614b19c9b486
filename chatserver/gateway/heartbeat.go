package gateway

import (
	"context"
	"time"

	"github.com/coder/websocket"
)

// heartbeat is what a silent session is sent.
type heartbeat struct {
	frame []byte
	sent  int // in this silence; only the goroutine of Gateway.heartbeats uses it
}

// SetHeartbeat gives the session a heartbeat: after Options.Heartbeat of silence
// the payload is sent as a text message.
func (s *Session) SetHeartbeat(payload []byte) {
	s.heartbeat.Store(&heartbeat{frame: appendFrame(nil, finText, payload)})
}

// heartbeats checks sessions whose clients are silent, until ctx is done.
func (g *Gateway) heartbeats(ctx context.Context) {
	period := g.opts.Heartbeat
	t := time.NewTicker(max(period/20, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now := time.Since(start)
		g.mu.Lock()
		var silent []*Session
		for s := range g.sessions {
			if now-time.Duration(s.lastRead.Load()) >= period {
				silent = append(silent, s)
			} else if h := s.heartbeat.Load(); h != nil {
				h.sent = 0
			}
		}
		g.mu.Unlock()
		for _, s := range silent {
			s.checkAlive(now-time.Duration(s.lastRead.Load()), period)
		}
	}
}

// checkAlive checks a session whose client has been silent. After one period it
// sends the dialect's heartbeat, after two a Ping frame besides, which any
// WebSocket client answers by itself (RFC 6455 §5.5.2). After 2.7 it closes.
func (s *Session) checkAlive(silence, period time.Duration) {
	if idle := s.g.opts.IdleTime; idle > 0 && silence >= idle {
		s.Close(websocket.StatusPolicyViolation, "nothing heard for too long")
		return
	}
	h := s.heartbeat.Load()
	if h == nil {
		return
	}
	switch {
	case silence >= period*27/10:
		s.Close(websocket.StatusGoingAway, "no sign of life")
	case silence >= 2*period && h.sent < 2:
		h.sent = 2
		s.out.send(append(append([]byte(nil), h.frame...), finPing, 0))
	case h.sent < 1:
		h.sent = 1
		s.out.send(h.frame)
	}
}
