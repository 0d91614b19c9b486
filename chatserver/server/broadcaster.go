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

	scratch    [chat.Versions][]byte
	broadcasts []gateway.Broadcast
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
		for v := range chat.Version(chat.Versions) {
			start := len(b.scratch[v])
			b.scratch[v] = b.srv.dialect(v).Append(b.scratch[v], d.Event)
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

func (s *Server) dialect(v chat.Version) dialect.Dialect {
	if v == chat.V2014 {
		return dialect.August2014{}
	}
	return s.today.Load()
}
