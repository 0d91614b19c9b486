package gateway

// batch is broadcasts that are written together.
type batch struct {
	broadcasts []framedBroadcast
	frames     [Formats][]byte
	enqueues   int // calls of Fanout.Enqueue that they came with
}

// framedBroadcast is a Broadcast whose frames lie in its batch's buffers.
type framedBroadcast struct {
	first *Session
	to    []*Session
	at    [Formats]span
}

// span is a part of a buffer.
type span struct{ from, end int }

// unsent is what a session is to get of the batch that is being written: the
// spans in more, then the span itself, of the buffer of the session's format. It
// is used only by the goroutine that writes the batch, and is zero between
// batches.
type unsent struct {
	span
	more []span
}

func (b *batch) add(p *Broadcast) {
	f := framedBroadcast{first: p.First, to: p.To}
	for i, payload := range p.Payload {
		f.at[i].from = len(b.frames[i])
		if len(payload) > 0 {
			b.frames[i] = appendFrame(b.frames[i], finText, payload)
		}
		f.at[i].end = len(b.frames[i])
	}
	b.broadcasts = append(b.broadcasts, f)
}

func (b *batch) size() (n int) {
	for _, f := range b.frames {
		n += len(f)
	}
	return n
}

// maxKept is how large a buffer may be, in bytes, to be used for another batch.
const maxKept = 1 << 20

func (b *batch) reset() {
	clear(b.broadcasts)
	b.broadcasts = b.broadcasts[:0]
	for i, f := range b.frames {
		if cap(f) > maxKept {
			f = nil
		}
		b.frames[i] = f[:0]
	}
	b.enqueues = 0
}

func (b *batch) write() {
	if b.enqueues == 1 {
		b.writeEach()
	} else {
		b.writeCoalesced()
	}
}

// writeEach writes each broadcast by itself, so that each message is a segment of
// its own.
func (b *batch) writeEach() {
	for i := range b.broadcasts {
		p := &b.broadcasts[i]
		if p.first != nil {
			b.send(p.first, p)
		}
		for _, s := range p.to {
			if s != p.first {
				b.send(s, p)
			}
		}
	}
}

func (b *batch) send(s *Session, p *framedBroadcast) {
	f := s.format.Load()
	if at := p.at[f]; at.from < at.end {
		s.out.send(b.frames[f][at.from:at.end])
	}
}

// writeCoalesced writes each session all it is to get with one write. Only the
// first of a broadcast is written twice: up to that broadcast before anybody else
// gets it, and then the rest.
func (b *batch) writeCoalesced() {
	for group := range b.groups {
		b.assign(group)
	}
	for group := range b.groups {
		for _, s := range group[0].to {
			b.flush(s)
			s.unsent = unsent{}
		}
		for k := range group {
			if first := group[k].first; first != nil {
				b.flush(first)
				first.unsent = unsent{}
			}
		}
	}
}

// groups yields the batch's broadcasts in order, in groups that go to the same
// sessions: a room's list of them is shared until somebody joins or leaves.
func (b *batch) groups(yield func([]framedBroadcast) bool) {
	for rest := b.broadcasts; len(rest) > 0; {
		n := 1
		for n < len(rest) && sameSlice(rest[n].to, rest[0].to) {
			n++
		}
		if !yield(rest[:n]) {
			return
		}
		rest = rest[n:]
	}
}

// sameSlice reports whether a and b are one slice, which is not empty.
func sameSlice(a, b []*Session) bool {
	return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0]
}

// assign gives each session of a group its part, and writes those to whom a
// broadcast goes first.
func (b *batch) assign(group []framedBroadcast) {
	last := len(group) - 1
	for k := range group {
		if first := group[k].first; first != nil {
			first.unsent.add(first.span(&group[0], &group[k]))
			if k == last || group[k+1].first != first {
				b.flush(first)
			}
		}
	}
	for _, s := range group[0].to {
		s.unsent.add(s.span(&group[0], &group[last]))
	}
}

// span returns where the broadcasts from first to last lie in the buffer of the
// session's format.
func (s *Session) span(first, last *framedBroadcast) span {
	f := s.format.Load()
	return span{first.at[f].from, last.at[f].end}
}

// add adds a span, except for what was added before.
func (u *unsent) add(at span) {
	at.from = max(at.from, u.end)
	switch {
	case at.from >= at.end:
	case at.from == u.end:
		u.end = at.end
	default:
		if u.from < u.end {
			u.more = append(u.more, u.span)
		}
		u.span = at
	}
}

// flush writes what is unsent to s. It leaves the end of that in s.unsent, so that
// nothing is written twice.
func (b *batch) flush(s *Session) {
	u := &s.unsent
	frames := b.frames[s.format.Load()]
	if len(u.more) > 0 {
		var all []byte
		for _, m := range u.more {
			all = append(all, frames[m.from:m.end]...)
		}
		s.out.send(append(all, frames[u.from:u.end]...))
		u.more = nil
	} else if u.from < u.end {
		s.out.send(frames[u.from:u.end])
	}
	u.from = u.end
}
