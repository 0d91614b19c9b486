package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"sync"
	"time"

	"chatlab/chatserver/chat"
	"chatlab/chatserver/dialect"
)

// servePeer runs one of the peers until it is interrupted.
func servePeer(name string) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fmt.Println("listening on", ln.Addr())
	switch name {
	case "gws":
		go serveGWS(ln)
	case "gorilla":
		go serveGorilla(ln)
	case "bare":
		go serveBare(ln)
	default:
		return fmt.Errorf("no server %q", name)
	}
	<-ctx.Done()
	return nil
}

// hub is a room of the same shape as the server's, for any library's
// connections: one lock, today's dialect read and written by the same code.
type hub[C comparable] struct {
	mu      sync.Mutex
	members []C
	people  map[C]chat.Person
	serial  uint32
	today   *dialect.OfToday
	// broadcast sends one text message to some connections.
	broadcast func(to []C, payload []byte)
}

func newHub[C comparable](broadcast func(to []C, payload []byte)) *hub[C] {
	return &hub[C]{people: make(map[C]chat.Person), today: dialect.NewToday(netip.AddrPort{}), broadcast: broadcast}
}

func (h *hub[C]) message(c C, p []byte) {
	m, err := dialect.Parse(p, chat.Today)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	switch m.Type {
	case dialect.Login:
		h.serial++
		person := chat.Person{Serial: h.serial, Name: m.Name}
		h.broadcast(h.members, h.today.Append(nil, &chat.Event{Kind: chat.Login, At: now, From: person}))
		h.people[c] = person
		h.members = append(h.members, c)
		var all []chat.Person
		for _, m := range h.members {
			all = append(all, h.people[m])
		}
		h.broadcast([]C{c}, h.today.Append(nil, &chat.Event{Kind: chat.Welcome, At: now, From: person, Members: all}))
	case dialect.Say:
		h.broadcast(h.members, h.today.Append(nil, &chat.Event{Kind: chat.Say, At: now, From: h.people[c], Content: m.Content}))
	}
}

func (h *hub[C]) leave(c C) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(h.members, c); i >= 0 {
		h.members = slices.Delete(h.members, i, i+1)
		h.broadcast(h.members, h.today.Append(nil, &chat.Event{Kind: chat.Logout, At: time.Now(), From: h.people[c]}))
	}
	delete(h.people, c)
}
