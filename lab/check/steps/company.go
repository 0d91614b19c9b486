package steps

import (
	"math"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// company is who was in the room besides the newcomer when a packet passed, as the
// server had told the newcomer.
type company struct {
	known  bool              // the server's list was captured
	others map[string]string // names by id
	// left is the last who had left before, joined the first who joined afterwards;
	// nil: nobody, or it was not captured.
	left, joined *evidence.Unit
	leaver       string // the name of who left, if the capture has it
}

// company looks at packet number n.
func (a *Attempt) company(n int) company {
	c := company{others: map[string]string{}}
	for _, u := range a.Conversation.Units {
		m, past := &u.Message, u.Last.Number > n
		switch {
		case u.Is(dissect.Client, chat.Login) && !past: // into another room, perhaps
			c.known = false
		case u.Cut, u.From != dissect.Server:
		case m.Members != nil && !past:
			c.known, c.left = true, nil
			clear(c.others)
			for _, member := range m.Members {
				c.others[member.ID] = chat.Unescape(member.Name)
			}
			delete(c.others, m.Newcomer())
		case m.Type == chat.Login && m.Members == nil && m.ID != a.id && !past:
			c.others[m.ID] = chat.Unescape(m.Name)
		case m.Type == chat.Login && m.Members == nil && m.ID != a.id && c.joined == nil:
			c.joined = u
		case m.Type == chat.Logout && !past:
			if name, was := c.others[m.ID]; was {
				c.left, c.leaver = u, name
				delete(c.others, m.ID)
			}
		}
	}
	return c
}

// alone: nobody else was there.
func (c *company) alone() bool { return c.known && len(c.others) == 0 }

// namesake tells whether one of the others has this name: another tab, or
// somebody else.
func (c *company) namesake(name string) bool {
	for _, other := range c.others {
		if isName(name, other) {
			return true
		}
	}
	return false
}

// ToldAlone tells whether, as far as the newcomer was told, nobody else was in the
// room when the message was passed on, or, where it was not, when the newcomer was last
// told anything.
func (a *Attempt) ToldAlone() bool {
	last := math.MaxInt
	if a.SayBroadcast != nil {
		last = a.SayBroadcast.Last.Number
	}
	there := a.company(last)
	return there.alone()
}

// Alone tells whether nobody else was in the room then: no other conversation shows
// anybody either.
func (a *Attempt) Alone(others *Copies) bool {
	return a.ToldAlone() && !others.of(annotate.SayBroadcast) && others.without[absence{annotate.SayBroadcast, passedBy}] == nil
}

// nobody says of a broadcast that the newcomer alone heard why that was.
func (a *Attempt) nobody(s *Step, there company, others *Copies) {
	left, elsewhere := others.without[absence{s.ID, gone}], others.without[absence{s.ID, apart}]
	switch {
	case there.left != nil && there.leaver != "":
		s.note("note.alone.left", "name", texts.Quote(there.leaver), "packet", there.left.Last.Number)
	case left != nil:
		packet, name, _ := left.Left()
		s.note("note.alone.left", "name", texts.Quote(name), "packet", packet)
	case there.joined != nil:
		s.note("note.alone.yet", "name", texts.Quote(chat.Unescape(there.joined.Message.Name)), "packet", there.joined.Last.Number)
	case elsewhere != nil:
		s.note("note.alone.room", "port", int(elsewhere.Client.Port()))
	default:
		s.note("note.alone")
	}
}
