package steps

import (
	"slices"
	"strings"
	"time"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
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
	// without has for a broadcast and a reason a conversation that shows no copy of it.
	without map[absence]*evidence.Conversation
	// saidIn is the attempt in another conversation in which the message was said, if
	// it was not in this one's own.
	saidIn *Attempt
}

// absence is why a conversation shows no copy of a step's broadcast.
type absence struct {
	step annotate.Step
	why  reason
}

type reason uint8

const (
	passedBy reason = iota // it was certainly not sent, though it should have been
	apart                  // the browser was in another room
	gone                   // the browser had left
	garbled                // something unreadable passed then
)

// of tells whether others were sent the broadcast of a step.
func (c *Copies) of(step annotate.Step) bool {
	return slices.ContainsFunc(c.All, func(c Copy) bool { return c.Step == step })
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
	found := &Copies{without: map[absence]*evidence.Conversation{}}
	said := a.said()
	for _, c := range all {
		if c == a.Conversation || c.Key != "" && c.Key == a.Conversation.Key {
			continue
		}
		if !said && found.saidIn == nil {
			if other := Find(c, a.Task); other.Say != nil && other.rightSay(other.Say) {
				found.saidIn = other
			}
		}
		for _, b := range []broadcast{
			{annotate.LoginBroadcast, chat.Login, a.Login, a.LoginBroadcast}, {annotate.SayBroadcast, chat.Say, a.Say, a.SayBroadcast},
		} {
			if b.own == nil {
				continue
			}
			if u := a.copyIn(c, b); u != nil && !c.JoinedAfter(b.own.Last.Number) {
				found.All = append(found.All, Copy{b.step, c, u})
			} else if why, known := a.absence(c, b); known {
				found.without[absence{b.step, why}] = c
			}
		}
	}
	return found
}

// passedOn adds to a broadcast's step the copies that others got.
func (a *Attempt) passedOn(s Step, own *evidence.Unit, others *Copies) Step {
	if others == nil || s.Status == Missing {
		return s
	}
	for _, c := range others.All {
		if c.Step != s.ID {
			continue
		}
		s.shownBy(c.Conversation.Carriers(c.Unit)...)
		if u := c.Unit; u.Rule != dissect.Unbroken {
			s.note("note.copy.broken", "port", int(c.Conversation.Client.Port()), "section", u.Rule.Section(), "rule", annotate.Rule(u.Rule))
		} else if u.Cut {
			s.note("note.copy.cut", "port", int(c.Conversation.Client.Port()))
		}
	}
	if s.Status != Found {
		return s
	}
	there := a.company(own.Last.Number)
	unread := others.without[absence{s.ID, garbled}]
	switch c := others.without[absence{s.ID, passedBy}]; {
	case c != nil:
		s.different("got.notpassed", "port", int(c.Client.Port()))
	case others.of(s.ID):
	case there.alone():
		a.nobody(&s, there, others)
	case unread != nil:
		s.note("note.copy.unread", "port", int(unread.Client.Port()))
	default:
		// Theirs may have passed another machine's network card.
		s.note("note.own")
	}
	if s.ID == annotate.LoginBroadcast && there.namesake(a.Task.Nick) {
		s.note("note.namesake", "nick", texts.Quote(a.Task.Nick))
	}
	return s
}

// absence tells why c shows no copy of b, if that is known.
func (a *Attempt) absence(c *evidence.Conversation, b broadcast) (why reason, known bool) {
	switch left, _, room := c.Left(); {
	case a.unreadIn(c, b):
		return garbled, true
	case a.passedBy(c, b):
		return passedBy, true
	case left > 0 && left < b.own.Last.Number:
		mine, asked := a.Conversation.RoomAsked(b.own.Last.Number)
		return gone, asked && room == mine
	}
	return apart, a.apart(c, b)
}

// copyIn gives the unit in c that is another member's copy of b, or nil. Of
// several that say the same it is the one that was captured nearest.
func (a *Attempt) copyIn(c *evidence.Conversation, b broadcast) (nearest *evidence.Unit) {
	apart := func(u *evidence.Unit) int {
		return max(u.Last.Number-b.own.Last.Number, b.own.Last.Number-u.Last.Number)
	}
	for _, u := range c.Units {
		if u.From == dissect.Server && u.Message.Type == b.kind && a.copies(u, b.own) && (nearest == nil || apart(u) < apart(nearest)) {
			nearest = u
		}
	}
	return nearest
}

// unreadIn tells whether the server sent c a frame that nobody can read when it sent
// the newcomer b.
func (a *Attempt) unreadIn(c *evidence.Conversation, b broadcast) bool {
	return slices.ContainsFunc(c.Units, func(u *evidence.Unit) bool {
		return u.From == dissect.Server && u.IsFrame() && u.Message.Type == "" && u.Frame.Opcode != dissect.Close &&
			u.Last.Time.Sub(b.own.Last.Time).Abs() < time.Second
	})
}

// copies tells whether a unit says to another member what the original says to the
// newcomer. A member of the other dialect knows the newcomer by another id.
func (a *Attempt) copies(copied, original *evidence.Unit) bool {
	m, own := &copied.Message, &original.Message
	if copied.Cut { // its beginning tells whose it is
		return m.ID != "" && m.ID == a.id && (own.Type == chat.Say || !strings.Contains(copied.Text, `"client_list":`))
	}
	known := m.ID == a.id
	if m.Dialect != own.Dialect && copied.Last.Time.Sub(original.Last.Time).Abs() < time.Second {
		known = m.Name == "" || own.Name == "" || chat.Unescape(m.Name) == chat.Unescape(own.Name)
	}
	if m.Type == chat.Login {
		return known && m.Members == nil && chat.Unescape(m.Name) == chat.Unescape(own.Name)
	}
	return known && chat.Unescape(m.Content) == chat.Unescape(own.Content) && m.To == own.To
}

// passedBy tells whether it is certain that b was not sent to c, though its
// browser was in the room: the capture has no gap there, and the server spoke to
// it afterwards.
func (a *Attempt) passedBy(c *evidence.Conversation, b broadcast) bool {
	if c.Server != a.Conversation.Server || c.Short || c.Lost || c.Gaps() || a.Login == nil {
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

// apart tells whether the browser of c was in another room than the newcomer.
func (a *Attempt) apart(c *evidence.Conversation, b broadcast) bool {
	theirs, in := c.RoomAt(b.own.Last.Number)
	mine, known := a.Conversation.RoomAsked(b.own.Last.Number)
	return in && known && theirs != mine
}
