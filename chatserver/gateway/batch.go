package gateway

// batch is posts that are written together.
type batch struct {
	posts  []framed
	frames [Formats][]byte
	deeds  int // that the posts came of
}

// framed is a Post whose frames lie in its batch's buffers.
type framed struct {
	first *Session
	to    []*Session
	at    [Formats]span
}

// span is a part of a buffer.
type span struct{ from, end int }

// run is what a session is to get of the batch that is being written: the spans
// in more, then that from from to end, of the buffer of its format. It is used
// by the goroutine that writes the lane, and all zero between batches.
type run struct {
	span
	more []span
}

func (b *batch) add(p *Post) {
	f := framed{first: p.First, to: p.To}
	for i, payload := range p.Payload {
		f.at[i].from = len(b.frames[i])
		if len(payload) > 0 {
			b.frames[i] = appendFrame(b.frames[i], finText, payload)
		}
		f.at[i].end = len(b.frames[i])
	}
	b.posts = append(b.posts, f)
}

func (b *batch) size() (n int) {
	for _, f := range b.frames {
		n += len(f)
	}
	return n
}

// keep is how large a buffer may stay when its batch is written.
const keep = 1 << 20

func (b *batch) reset() {
	clear(b.posts)
	b.posts = b.posts[:0]
	for i, f := range b.frames {
		if cap(f) > keep {
			f = nil
		}
		b.frames[i] = f[:0]
	}
	b.deeds = 0
}

func (b *batch) write() {
	if b.deeds == 1 {
		b.writeEach()
	} else {
		b.writeGathered()
	}
}

// writeEach writes each post by itself.
func (b *batch) writeEach() {
	for i := range b.posts {
		p := &b.posts[i]
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

func (b *batch) send(s *Session, p *framed) {
	f := s.format.Load()
	if at := p.at[f]; at.from < at.end {
		s.out.send(b.frames[f][at.from:at.end])
	}
}

// writeGathered writes each session all it is to get at once. Only those who are
// first to hear a post are written up to that post before anybody else gets it.
func (b *batch) writeGathered() {
	for i := 0; i < len(b.posts); {
		n := b.sameListeners(i)
		group := b.posts[i : i+n]
		for k := range group {
			if first := group[k].first; first != nil {
				b.assign(first, &group[0], &group[k])
				if k+1 == n || group[k+1].first != first {
					b.flush(first)
				}
			}
		}
		for _, s := range group[0].to {
			b.assign(s, &group[0], &group[n-1])
		}
		i += n
	}
	for i := 0; i < len(b.posts); {
		n := b.sameListeners(i)
		for _, s := range b.posts[i].to {
			b.flush(s)
			s.run = run{}
		}
		for k := range b.posts[i : i+n] {
			if first := b.posts[i+k].first; first != nil {
				b.flush(first)
				first.run = run{}
			}
		}
		i += n
	}
}

// sameListeners returns how many posts from the i-th on go to the same sessions:
// a room's list of them is shared until somebody joins or leaves.
func (b *batch) sameListeners(i int) int {
	to := b.posts[i].to
	n := 1
	for ; i+n < len(b.posts); n++ {
		next := b.posts[i+n].to
		if len(next) == 0 || len(next) != len(to) || &next[0] != &to[0] {
			break
		}
	}
	return n
}

// assign adds to what s is to get the posts from first to last, but those that it
// has been assigned before.
func (b *batch) assign(s *Session, first, last *framed) {
	f := s.format.Load()
	from, end := first.at[f].from, last.at[f].end
	r := &s.run
	if from < r.end {
		from = r.end
	}
	switch {
	case from >= end:
	case from == r.end:
		r.end = end
	default:
		if r.from < r.end {
			r.more = append(r.more, r.span)
		}
		r.span = span{from, end}
	}
}

// flush writes what s was assigned. It leaves the notes such that nothing is
// written twice.
func (b *batch) flush(s *Session) {
	r := &s.run
	frames := b.frames[s.format.Load()]
	if len(r.more) > 0 {
		var all []byte
		for _, m := range r.more {
			all = append(all, frames[m.from:m.end]...)
		}
		s.out.send(append(all, frames[r.from:r.end]...))
		r.more = nil
	} else if r.from < r.end {
		s.out.send(frames[r.from:r.end])
	}
	r.from = r.end
}
