package steps

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// Copy is what another member of the room was sent of a broadcast.
type Copy struct {
	Step         annotate.Step
	Conversation *evidence.Conversation
	Unit         *evidence.Unit
}

// Copies are what the other conversations of a capture show of an attempt's two
// broadcasts.
type Copies struct {
	All []Copy
	// passedBy has for a broadcast a conversation that it was certainly not sent to,
	// though it should have been.
	passedBy map[annotate.Step]*evidence.Conversation
}

// broadcast is what the server sends to everybody.
type broadcast struct {
	step  annotate.Step
	kind  chat.Type
	cause *evidence.Unit // the newcomer's, which the server passes on, or nil
	own   *evidence.Unit // the newcomer's copy, or nil
}

// Copies looks in the other conversations for what a broadcast should have
// brought them.
func (a *Attempt) Copies(all []*evidence.Conversation) *Copies {
	found := &Copies{passedBy: map[annotate.Step]*evidence.Conversation{}}
	for _, c := range all {
		if c == a.Conversation || c.Server != a.Conversation.Server || c.Key != "" && c.Key == a.Conversation.Key {
			continue
		}
		for _, b := range []broadcast{
			{annotate.LoginBroadcast, chat.Login, a.Login, a.LoginBroadcast}, {annotate.SayBroadcast, chat.Say, a.Say, a.SayBroadcast},
		} {
			if b.own == nil {
				continue
			}
			if u := a.copyIn(c, b); u != nil {
				found.All = append(found.All, Copy{b.step, c, u})
			} else if found.passedBy[b.step] == nil && a.passedBy(c, b) {
				found.passedBy[b.step] = c
			}
		}
	}
	return found
}

// passedOn adds to a broadcast's step the copies that others got.
func (a *Attempt) passedOn(s Step, others *Copies) Step {
	if others == nil || s.Status == Missing {
		return s
	}
	copied := false
	for _, c := range others.All {
		if c.Step == s.ID {
			s.shownBy(c.Conversation.Carriers(c.Unit)...)
			copied = true
		}
	}
	c := others.passedBy[s.ID]
	switch {
	case s.Status != Found:
	case c != nil:
		s.different("got.notpassed", "port", int(c.Client.Port()))
	case copied:
	case a.alone():
		s.note("note.alone")
	default:
		// Theirs may have passed another machine's network card.
		s.note("note.own")
	}
	return s
}

// copyIn gives the unit in c that is another member's copy of b, or nil. Of
// several that say the same it is the one that was captured nearest.
func (a *Attempt) copyIn(c *evidence.Conversation, b broadcast) (nearest *evidence.Unit) {
	apart := func(u *evidence.Unit) int {
		return max(u.Last.Number-b.own.Last.Number, b.own.Last.Number-u.Last.Number)
	}
	for _, u := range c.Units {
		if u.From == dissect.Server && u.Message.Type == b.kind && a.copies(&u.Message, &b.own.Message) && (nearest == nil || apart(u) < apart(nearest)) {
			nearest = u
		}
	}
	return nearest
}

// copies tells whether m says to another member what own says to the newcomer.
func (a *Attempt) copies(m, own *chat.Message) bool {
	if m.Type == chat.Login {
		return m.Members == nil && m.ID == a.id && m.Name == own.Name
	}
	return m.ID == a.id && m.Content == own.Content && m.To == own.To
}

// passedBy tells whether it is certain that b was not sent to c, though its
// browser was in the room: the capture has no gap there, and the server spoke to
// it afterwards.
func (a *Attempt) passedBy(c *evidence.Conversation, b broadcast) bool {
	if c.Short || c.Lost || c.Gaps() || a.Login == nil {
		return false
	}
	heard := b.own.Last.Number
	caused := heard
	if b.cause != nil {
		caused = min(heard, b.cause.Last.Number)
	}
	room, in := c.RoomAt(caused)
	mine, known := a.Conversation.RoomAsked(heard)
	if now, _ := c.RoomAsked(heard); !in || !known || room != mine || now != room {
		return false
	}
	return slices.ContainsFunc(c.Units, func(u *evidence.Unit) bool {
		return u.From == dissect.Server && u.Message.Type != "" && u.Last.Number > heard
	})
}

// alone tells whether the newcomer heard of nobody else: the list names one
// member, and no other came.
func (a *Attempt) alone() bool {
	return len(a.inRoom) == 1 && !slices.ContainsFunc(a.Conversation.Units, func(u *evidence.Unit) bool {
		return u.Is(dissect.Server, chat.Login) && u.Message.Type != "" && u.Message.ID != a.id
	})
}
