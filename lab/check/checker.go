// Package check holds a capture against the documented scenario.
package check

import (
	"io"
	"slices"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// Options say what a capture is to show.
type Options struct {
	// Nick is the nickname that is to be taken, Message what is to be said; empty
	// ones are the documented ones. In a message, any run of blanks is as good as
	// one: pages that show two as one have misled before.
	Nick, Message string
	// Each, if not nil, is called with each TCP segment before it is checked.
	Each func(*dissect.Segment)
}

// Checker holds packets against the scenario as they come. It is not safe for
// concurrent use.
type Checker struct {
	o       Options
	total   int
	records int // kept of all talks
	tracker dissect.Tracker
	segment dissect.Segment
	doubles doubles
	talks   []*talk
	of      map[*dissect.Conversation]*talk
	noise   noise
}

// New returns a Checker that has seen no packet yet.
func New(o Options) *Checker {
	if o.Nick == "" {
		o.Nick = scenario.Nick
	}
	if o.Message == "" {
		o.Message = scenario.Message
	}
	return &Checker{o: o, tracker: dissect.Tracker{ServerPort: scenario.ServerPort}, of: map[*dissect.Conversation]*talk{}}
}

// Add takes the next packet and keeps nothing of it.
func (c *Checker) Add(p *capture.Packet) {
	if c.segment.Decode(p) != nil {
		c.total++
		c.noise.notTCP(p)
		return
	}
	c.Segment(&c.segment)
}

// Segment is Add for a packet that is decoded already.
func (c *Checker) Segment(s *dissect.Segment) {
	c.total++
	if c.o.Each != nil {
		c.o.Each(s)
	}
	if s.Src.Port() != scenario.ServerPort && s.Dst.Port() != scenario.ServerPort {
		c.noise.otherPort(s)
		return
	}
	if c.records >= maxRecords {
		c.noise.tooMany++
		return
	}
	number := c.doubles.look(s)
	if number != nil && number.talk != nil {
		r := number.talk.records[number.at]
		r.packet, r.time, r.twice, r.acked = c.total, s.Packet.Time, true, nil
		number.talk.records = append(number.talk.records, r)
		c.records++
		return
	}
	e := c.tracker.Add(s)
	t := c.of[e.Conversation]
	if t == nil {
		if len(c.talks) >= maxTalks {
			c.noise.tooMany++
			return
		}
		t = newTalk(e.Conversation)
		c.of[e.Conversation] = t
		c.talks = append(c.talks, t)
	}
	at := t.add(c.total, e)
	c.records++
	*number = first{t, at, s.Packet.Time}
}

// Report says what the packets so far show. It may be called after each of
// them: what it costs does not grow with the noise around the conversations.
func (c *Checker) Report() *Report {
	r := &Report{Nick: c.o.Nick, Message: c.o.Message, Total: c.total}
	var best *talk
	var found *finding
	keys := map[string]bool{}
	for _, t := range c.talks {
		f := t.find(c.o, c.noise.short > 0)
		// Of equal attempts the last counts, unless it was only done once more.
		if best == nil || f.rank(c.o) > found.rank(c.o) || f.rank(c.o) == found.rank(c.o) && f.score() < complete {
			best, found = t, f
		}
		// A proxy or an address translation shows one connection twice.
		if f.nick == c.o.Nick && (t.key == "" || !keys[t.key]) {
			r.Attempts++
			keys[t.key] = true
		}
	}
	if best == nil {
		c.nothing(r)
		return r
	}
	r.Taken, r.Said = found.nick, found.said
	r.Talk, r.Client, r.Server, r.Dialect = true, best.client, best.server, found.dialect
	for i := range best.records {
		r.Packets = append(r.Packets, best.verdict(i, found.units))
	}
	c.others(r, best, found)
	r.Steps = slices.Clone(found.steps[:])
	r.OK = !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Status != Found })
	slices.SortStableFunc(r.Packets, func(a, b Verdict) int { return a.Packet - b.Packet })
	c.notes(r, best)
	return r
}

// nothing reports a capture without any conversation.
func (c *Checker) nothing(r *Report) {
	for i, id := range StepIDs {
		s := Step{ID: id, Status: Missing, Expected: expected(id, c.o)}
		switch {
		case i > 0:
			s.Hint = say("hint.after", "step", say("step."+string(StepIDs[0])))
		case c.total == 0:
			s.Hint = say("hint.empty")
		case c.noise.short > 0:
			s.Hint = say("hint.snaplen")
		case c.noise.upgrade != 0:
			s.Hint = say("hint.port", "port", int(c.noise.upgrade))
		case c.noise.page:
			s.Hint = say("hint.page")
		default:
			s.Hint = say("hint.nothing")
		}
		r.Steps = append(r.Steps, s)
	}
	c.notes(r, nil)
}

// notes adds what is outside the conversation, and what is to be said of the
// capture as a whole.
func (c *Checker) notes(r *Report, best *talk) {
	inside := len(r.Packets)
	other := 0
	for _, t := range c.talks {
		other += len(t.records)
	}
	r.Noise = c.noise.list(other - inside)
	short := false
	if best != nil {
		short = slices.ContainsFunc(best.records, func(r record) bool { return r.missing > 0 })
		if best.compressed {
			r.Notes = append(r.Notes, say("note.compressed"))
		}
	}
	if short || c.noise.short > 0 {
		r.Notes = append(r.Notes, say("note.short"))
	}
	if best != nil && best.gaps.any() {
		r.Notes = append(r.Notes, say("note.lost"))
	}
	if r.Attempts > 1 {
		r.Notes = append(r.Notes, say("note.attempts", "attempts", r.Attempts))
	}
	if c.noise.tooMany > 0 {
		r.Notes = append(r.Notes, say("note.toomany", "packets", c.noise.tooMany))
	}
}

// Read holds all packets of source against the scenario. At an error the report
// is of what came before it.
func Read(source capture.Source, o Options) (*Report, error) {
	c := New(o)
	var p capture.Packet
	for {
		switch err := source.Read(&p); err {
		case nil:
			c.Add(&p)
		case io.EOF:
			return c.Report(), nil
		default:
			return c.Report(), err
		}
	}
}
