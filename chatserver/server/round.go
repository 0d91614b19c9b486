package server

import (
	"sync"

	"github.com/coder/websocket"

	"chatlab/chatserver/chat"
	"chatlab/chatserver/gateway"
)

// round is what goes on between two calls of Clean: a hub, and all who are connected to
// it. The server's lock guards clients.
type round struct {
	hub     *chat.Hub[*gateway.Session]
	clients map[*client]struct{}
	here    sync.WaitGroup // one for each of clients
}

func newRound(hub *chat.Hub[*gateway.Session]) *round {
	return &round{hub: hub, clients: make(map[*client]struct{})}
}

// sync puts all that is pending into the send queues.
func (r *round) sync() {
	for _, b := range r.hub.Broadcasters() {
		b.(*broadcaster).fanout.Sync()
	}
}

// now is the round that is going on.
func (s *Server) now() *round {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.round
}

// Clean ends the round: whoever is connected gets what is queued for them and a Close
// with 1012 and the reason, of at most 123 bytes, and may come back at once, into
// empty rooms. Nothing that was said before reaches anybody there. Members' numbers go
// on. It returns when nobody of the round before is in the chat any more. Options.Who
// and Refuse must not call it.
func (s *Server) Clean(reason string) {
	s.mu.Lock()
	old := s.round
	s.round = newRound(old.hub.Next())
	s.mu.Unlock()
	old.hub.Close()
	old.sync()
	s.mu.Lock()
	for c := range old.clients {
		c.sess.Close(websocket.StatusServiceRestart, reason)
	}
	s.mu.Unlock()
	old.here.Wait()
}

// enter makes a member of the round of somebody who is connected.
func (s *Server) enter(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.round = s.round
	c.round.clients[c] = struct{}{}
	c.round.here.Add(1)
	c.member = c.round.hub.Connect(c.sess)
}

// exit ends what enter began.
func (s *Server) exit(c *client) {
	c.round.hub.Disconnect(c.member)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(c.round.clients, c)
	c.round.here.Done()
}
