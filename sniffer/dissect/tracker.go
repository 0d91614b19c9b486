package dissect

import (
	"container/list"
	"net/netip"
	"unsafe"

	"chatlab/sniffer/tcp"
)

const (
	// maxConversations bounds the conversations followed at a time; the one
	// longest without a packet is forgotten.
	maxConversations = 16384
	// maxBuffered bounds the bytes that all conversations hold together.
	maxBuffered = 64 << 20
)

// Tracker follows the conversations in a capture. The zero value is ready.
type Tracker struct {
	// ServerPort, if not 0, tells which side is the server where no SYN was
	// captured.
	ServerPort uint16

	conversations map[key]*Conversation
	count         int
	used          list.List // of *Conversation: the one of the last packet stands last
	buffered      int
	event         Event
}

// key names a connection in either direction: the lower address first.
type key struct{ a, b netip.AddrPort }

func keyOf(a, b netip.AddrPort) key {
	if c := a.Addr().Compare(b.Addr()); c > 0 || c == 0 && a.Port() > b.Port() {
		a, b = b, a
	}
	return key{a, b}
}

// Add takes the next segment and tells what it means. The event is valid until
// the next Add, and as long as the segment is.
func (t *Tracker) Add(s *Segment) *Event {
	c := t.conversation(s)
	e := &t.event
	*e = Event{Segment: s, Conversation: c, Units: e.Units[:0], Acked: e.Acked[:0]}
	for i := range c.streams {
		c.streams[i].parser.scratch = c.streams[i].parser.scratch[:0]
	}
	weight := c.weight()
	was := c.verdict.claim
	e.follow()
	if c.verdict.claim == foreign {
		c.WebSocket = false
		e.Withdrawn = was == guessed
	}
	t.buffered += c.weight() - weight
	for t.buffered > maxBuffered && t.oldest() != c {
		t.forget(t.oldest())
	}
	return e
}

// conversation finds or begins the one that s belongs to.
func (t *Tracker) conversation(s *Segment) *Conversation {
	k := keyOf(s.Src, s.Dst)
	c := t.conversations[k]
	// A SYN with another initial sequence number is a new connection between
	// the same ports.
	if c != nil && s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN && !(c.Client == s.Src && c.Started && c.isn[Client] == s.Seq) {
		t.forget(c)
		c = nil
	}
	if c != nil {
		t.used.MoveToBack(c.place)
		return c
	}
	if len(t.conversations) >= maxConversations {
		t.forget(t.oldest())
	}
	c = &Conversation{Number: t.count, Client: s.Src, Server: s.Dst, key: k}
	for side := range c.streams {
		c.streams[side].parser.from, c.streams[side].parser.verdict = Side(side), &c.verdict
	}
	request, response := startsHTTP(s.Payload)
	masked, _ := weigh(s.Payload, s.Length-len(s.Payload), Client)
	switch {
	case s.Flags&tcp.SYN != 0:
		if s.Flags&tcp.ACK != 0 {
			c.Client, c.Server = s.Dst, s.Src
		}
	case t.ServerPort != 0 && (s.Src.Port() == t.ServerPort) != (s.Dst.Port() == t.ServerPort):
		if s.Src.Port() == t.ServerPort {
			c.Client, c.Server = s.Dst, s.Src
		}
	case request || masked != nothing:
	case response || s.Src.Port() < s.Dst.Port():
		c.Client, c.Server = s.Dst, s.Src
	}
	if t.conversations == nil {
		t.conversations = make(map[key]*Conversation)
	}
	t.count++
	t.conversations[k] = c
	c.place = t.used.PushBack(c)
	t.buffered += c.weight()
	return c
}

// weight is what c holds, in bytes, roughly.
func (c *Conversation) weight() int {
	n := int(unsafe.Sizeof(*c))
	for i := range c.streams {
		s := &c.streams[i]
		p := &s.parser
		n += s.held + cap(s.early)*int(unsafe.Sizeof(early{})) + cap(s.gaps.list)*int(unsafe.Sizeof(gap{})) +
			cap(p.buf) + cap(p.raw) + cap(p.text) + cap(p.message) + cap(p.scratch) +
			len(s.unacked.units)*(int(unsafe.Sizeof(Unit{}))+keptPayload)
	}
	return n
}

func (t *Tracker) oldest() *Conversation { return t.used.Front().Value.(*Conversation) }

func (t *Tracker) forget(c *Conversation) {
	t.used.Remove(c.place)
	delete(t.conversations, c.key)
	t.buffered -= c.weight()
}
