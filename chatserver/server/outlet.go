package server

import (
	"chatlab/chatserver/chat"
	"chatlab/chatserver/dialect"
	"chatlab/chatserver/gateway"
)

// outlet tells a room what happens in it, in the dialects that are spoken there.
type outlet struct {
	srv  *Server
	lane *gateway.Lane

	scratch [dialect.Versions][]byte
	posts   []gateway.Post
	people  []dialect.Person
}

func newOutlet(s *Server) *outlet { return &outlet{srv: s, lane: gateway.NewLane()} }

// Deliver implements chat.Outlet. It writes each event once for each dialect.
func (o *outlet) Deliver(ds ...chat.Delivery[*gateway.Session]) {
	for i := range o.scratch {
		o.scratch[i] = o.scratch[i][:0]
	}
	for _, d := range ds {
		p := gateway.Post{First: d.First, To: d.To}
		for v := range dialect.Version(dialect.Versions) {
			start := len(o.scratch[v])
			o.scratch[v] = o.srv.appendEvent(o.scratch[v], v, d.Event, &o.people)
			p.Payload[v] = o.scratch[v][start:]
		}
		o.posts = append(o.posts, p)
	}
	o.lane.Post(o.posts...)
	clear(o.posts)
	o.posts = o.posts[:0]
	for i, b := range o.scratch {
		if cap(b) > maxScratch {
			o.scratch[i] = nil
		}
	}
}

// maxScratch is how large a buffer a room keeps, in bytes: lists of members are
// long, and all else is short.
const maxScratch = 64 << 10

// Flush implements chat.Outlet: messages that a client sent together are told
// together, when it has nothing more to say for now.
func (o *outlet) Flush(by *gateway.Session) { by.FlushBeforeRead(o.lane) }

// appendEvent appends what ev is in a dialect. people is scratch space.
func (s *Server) appendEvent(b []byte, v dialect.Version, ev *chat.Event, people *[]dialect.Person) []byte {
	d := s.dialect(v)
	from := dialect.Person(ev.From)
	switch ev.Kind {
	case chat.List, chat.Welcome:
		ps := (*people)[:0]
		for _, p := range ev.Everybody {
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
