package gateway

import (
	"context"
	"time"
)

// heartbeat is what a session is asked with after some silence.
type heartbeat struct {
	ask   []byte // a whole frame
	asked int    // how often in this silence; the goroutine's of heartbeats
}

// SetHeartbeat gives the session a heartbeat: after Options.Heartbeat of silence
// the payload is sent as a text message.
func (s *Session) SetHeartbeat(payload []byte) {
	s.heartbeat.Store(&heartbeat{ask: appendFrame(nil, finText, payload)})
}

// heartbeats looks after sessions that say nothing, until ctx is done.
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
			if now-time.Duration(s.heard.Load()) >= period {
				silent = append(silent, s)
			} else if h := s.heartbeat.Load(); h != nil {
				h.asked = 0
			}
		}
		g.mu.Unlock()
		for _, s := range silent {
			s.look(now-time.Duration(s.heard.Load()), period)
		}
	}
}

// look asks a session that has been silent for a sign of life: after one period
// as the dialect asks, after two with a Ping frame besides, which any WebSocket
// client answers by itself (RFC 6455 §5.5.2). At 2.7 periods it is dead.
func (s *Session) look(silence, period time.Duration) {
	if idle := s.g.opts.IdleTime; idle > 0 && silence >= idle {
		s.Close(ClosePolicy, "nothing heard for too long")
		return
	}
	h := s.heartbeat.Load()
	if h == nil {
		return
	}
	switch {
	case silence >= period*27/10:
		s.Close(CloseGoingAway, "no sign of life")
	case silence >= 2*period && h.asked < 2:
		h.asked = 2
		s.out.send(append(append([]byte(nil), h.ask...), finPing, 0))
	case h.asked < 1:
		h.asked = 1
		s.out.send(h.ask)
	}
}
