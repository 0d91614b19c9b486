package dissect

import (
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

	conversations  map[key]*Conversation
	count          int
	oldest, newest *Conversation
	buffered       int
	event          Event
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
	e := &t.event
	*e = Event{Segment: s, Units: e.Units[:0], Acked: e.Acked[:0]}
	c := t.conversation(s)
	e.Conversation = c
	for i := range c.streams {
		c.streams[i].parser.scratch = c.streams[i].parser.scratch[:0]
	}
	weight := c.weight()
	was := c.verdict.claim
	t.follow(c, e)
	if c.verdict.claim == foreign {
		c.WebSocket = false
		e.Withdrawn = was == guessed
	}
	t.buffered += c.weight() - weight
	for t.buffered > maxBuffered && t.oldest != c {
		t.forget(t.oldest)
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
		t.touch(c)
		return c
	}
	if len(t.conversations) >= maxConversations {
		t.forget(t.oldest)
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
	t.link(c)
	t.buffered += c.weight()
	return c
}

// follow works out what the segment means in c.
func (t *Tracker) follow(c *Conversation, e *Event) {
	s := e.Segment
	if s.Src != c.Client || s.Src == s.Dst && s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK {
		e.From = Server
	}
	from, to := e.From, e.From.Other()
	mine, theirs := &c.streams[from], &c.streams[to]

	switch {
	case s.Flags&tcp.SYN != 0:
		c.scales.note(from, s.Options)
		e.Kind = HandshakeSYN
		if s.Flags&tcp.ACK != 0 {
			e.Kind = HandshakeSYNACK
		}
		c.Started = true
		if c.based[from] && c.isn[from] == s.Seq && mine.known {
			e.Kind = Retransmission
			break
		}
		c.setBase(from, s.Seq)
		mine.known, mine.next, mine.acked = true, s.Seq+1, s.Seq+1
		mine.parser.begin()
		if s.Flags&tcp.ACK != 0 && !theirs.known {
			theirs.parser.begin() // nothing of its side came before the answer
		}
	case !c.based[from]:
		c.setBase(from, s.Seq-1)
		mine.parser.pos = 1
	}
	if s.Flags&tcp.ACK != 0 && !c.based[to] {
		c.setBase(to, s.Ack-1)
		theirs.parser.pos = 1
	}
	e.RelSeq = s.Seq - c.isn[from]
	if s.Flags&tcp.ACK != 0 {
		e.RelAck = s.Ack - c.isn[to]
	}
	e.PrintedSeq, e.PrintedAck = c.printed.count(from, s)

	// A unit's place is told by relative numbers: its start is where the
	// parser stands.
	deliver := func(side Side) func(uint32, uint32, []byte, int) {
		st := &c.streams[side]
		return func(seq, missing uint32, data []byte, length int) {
			emit := func(u Unit) { t.emit(c, e, u) }
			if missing > 0 {
				e.Lost += missing
				st.parser.skip(missing, emit)
			}
			cut := length - len(data)
			st.parser.feed(data, cut, true, emit)
			if cut > 0 {
				st.parser.skip(uint32(cut), emit)
			}
		}
	}
	newAck := false
	if s.Flags&tcp.ACK != 0 {
		newAck = tcp.Before(theirs.acked, s.Ack) || !theirs.known
		theirs.acknowledge(s.Ack, deliver(to))
		for more := true; more; {
			e.Acked, more = theirs.unacked.pop(e.RelAck, e.Acked)
		}
		if theirs.known && tcp.Before(theirs.acked, s.Ack) {
			theirs.acked = s.Ack
		}
		if !theirs.known {
			theirs.known, theirs.next, theirs.acked = true, s.Ack, s.Ack
		}
	}
	if s.Flags&tcp.RST != 0 {
		return
	}
	seq := s.Seq
	if s.Flags&tcp.SYN != 0 {
		seq++ // data in a SYN (RFC 7413)
	}
	switch {
	case s.Flags&tcp.SYN != 0 && s.Length == 0:
		return
	case s.Length <= 1 && s.Flags&tcp.FIN == 0 && mine.known && s.Seq == mine.next-1:
		e.Kind = KeepAlive
		return
	case s.Length > 0:
		if !mine.known { // the first data seen need not be the first segment seen
			mine.parser.pos = seq - c.isn[from]
		}
		if kind := mine.take(seq, s.Payload, s.Length, deliver(from)); e.Kind == Plain {
			e.Kind = kind
		}
	case from == Client && c.Started && !c.shook && s.Seq == c.isn[Client]+1:
		e.Kind = HandshakeACK
	case !newAck && s.Flags&tcp.FIN == 0:
		e.Kind = DuplicateACK
	}
	if from == Client {
		c.shook = true
	}
	if s.Flags&tcp.FIN != 0 && mine.known && s.Seq+uint32(s.Length) == mine.next {
		mine.next++
	}
}

func (c *Conversation) setBase(s Side, isn uint32) {
	c.isn[s], c.based[s] = isn, true
}

// emit adds a unit to the event and follows the upgrade.
func (t *Tracker) emit(c *Conversation, e *Event, u Unit) {
	client, server := &c.streams[Client].parser, &c.streams[Server].parser
	switch u.Kind {
	case RequestUnit:
		c.verdict.head(true, u.HTTP)
		if u.HTTP.Upgrades() {
			c.Key = u.HTTP.Get("Sec-WebSocket-Key")
			client.mode = waiting
		}
	case ResponseUnit:
		c.verdict.head(false, u.HTTP)
		if u.HTTP.Status() == 101 && u.HTTP.Upgrades() {
			c.WebSocket = true
			u.HTTP.AcceptOK = c.Key != "" && u.HTTP.Get("Sec-WebSocket-Accept") == Accept(c.Key)
			server.reset(frames)
			if client.mode == fallback { // its request was not captured, or not understood
				client.reset(lost)
			}
		}
	case FrameUnit:
		c.WebSocket = true
		u.Guess = c.verdict.claim == guessed
	}
	e.Units = append(e.Units, u)
	c.streams[u.From].unacked.push(&u)
	if u.Kind == ResponseUnit && client.mode == waiting {
		early := client.buf
		client.buf = nil
		client.pos -= uint32(len(early))
		if c.WebSocket {
			client.reset(frames)
			client.feed(early, 0, true, func(u Unit) { t.emit(c, e, u) })
		} else {
			client.reset(fallback)
			client.pos += uint32(len(early))
		}
	}
}

// weight is what c holds, in bytes, roughly.
func (c *Conversation) weight() int {
	n := int(unsafe.Sizeof(*c))
	for i := range c.streams {
		s := &c.streams[i]
		p := &s.parser
		n += s.held + cap(s.early)*int(unsafe.Sizeof(early{})) +
			cap(p.buf) + cap(p.raw) + cap(p.text) + cap(p.message) + cap(p.scratch) +
			len(s.unacked.units)*(int(unsafe.Sizeof(Unit{}))+keptPayload)
	}
	return n
}

func (t *Tracker) touch(c *Conversation) {
	if t.newest != c {
		t.unlink(c)
		t.link(c)
	}
}

func (t *Tracker) link(c *Conversation) {
	c.older, c.newer = t.newest, nil
	if t.newest != nil {
		t.newest.newer = c
	} else {
		t.oldest = c
	}
	t.newest = c
}

func (t *Tracker) unlink(c *Conversation) {
	if c.older != nil {
		c.older.newer = c.newer
	} else {
		t.oldest = c.newer
	}
	if c.newer != nil {
		c.newer.older = c.older
	} else {
		t.newest = c.older
	}
}

func (t *Tracker) forget(c *Conversation) {
	t.unlink(c)
	delete(t.conversations, c.key)
	t.buffered -= c.weight()
}
