package server

import (
	"chatlab/chatserver/chat"
	"chatlab/chatserver/dialect"
	"chatlab/chatserver/gateway"
)

// broadcaster fans out the events of a room, in the dialects that its members
// speak.
type broadcaster struct {
	srv    *Server
	fanout *gateway.Fanout

	scratch    [dialect.Versions][]byte
	broadcasts []gateway.Broadcast
	people     []dialect.Person
}

func newBroadcaster(s *Server) *broadcaster { return &broadcaster{srv: s, fanout: gateway.NewFanout()} }

// Broadcast implements chat.Broadcaster. It encodes each event once for each
// dialect.
func (b *broadcaster) Broadcast(ds ...chat.Delivery[*gateway.Session]) {
	for i := range b.scratch {
		b.scratch[i] = b.scratch[i][:0]
	}
	for _, d := range ds {
		p := gateway.Broadcast{First: d.First, To: d.To}
		for v := range dialect.Version(dialect.Versions) {
			start := len(b.scratch[v])
			b.scratch[v] = b.srv.appendEvent(b.scratch[v], v, d.Event, &b.people)
			p.Payload[v] = b.scratch[v][start:]
		}
		b.broadcasts = append(b.broadcasts, p)
	}
	b.fanout.Enqueue(b.broadcasts...)
	clear(b.broadcasts)
	b.broadcasts = b.broadcasts[:0]
	for i, buf := range b.scratch {
		if cap(buf) > maxScratch {
			b.scratch[i] = nil
		}
	}
}

// maxScratch is how large a buffer a room keeps, in bytes. Only lists of members
// are longer.
const maxScratch = 64 << 10

// Flush implements chat.Broadcaster. Messages that a client sent together are
// written together, when no more of them is to be read.
func (b *broadcaster) Flush(by *gateway.Session) { by.FlushBeforeRead(b.fanout) }

// appendEvent appends ev in a dialect. people is scratch space.
func (s *Server) appendEvent(b []byte, v dialect.Version, ev *chat.Event, people *[]dialect.Person) []byte {
	d := s.dialect(v)
	from := dialect.Person(ev.From)
	switch ev.Kind {
	case chat.List, chat.Welcome:
		ps := (*people)[:0]
		for _, p := range ev.Members {
			ps = append(ps, dialect.Person(p))
		}
		*people = ps
		if ev.Kind == chat.List {
			return d.AppendList(b, ps)
		}
		return d.AppendWelcome(b, from, ps, ev.At)
	case chat.Login:
		return d.AppendLogin(b, from, ev.At)
	case chat.Say:
		return d.AppendSay(b, from, ev.Content, ev.At)
	case chat.Private:
		return d.AppendPrivate(b, from, dialect.Person(ev.To), ev.Content, ev.At)
	case chat.Echo:
		return d.AppendEcho(b, from, dialect.Person(ev.To), dialect.Target(ev.Target), ev.Content, ev.At)
	case chat.Logout:
		return d.AppendLogout(b, from, ev.At)
	}
	return b
}

func (s *Server) dialect(v dialect.Version) dialect.Dialect {
	if v == dialect.V2014 {
		return dialect.August2014{}
	}
	return s.today.Load()
}
