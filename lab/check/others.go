package check

import (
	"slices"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// broadcast is what the server sends to everybody, in its two occasions.
type broadcast struct {
	step       int // its index in StepIDs
	kind       chat.Type
	cause      int // the newcomer's unit that the server passes on, or -1
	own        int // the server's unit in the newcomer's conversation, or -1
	documented int // the packet that carries the other browser's copy
}

// others looks for the copies of what was broadcast that other browsers got,
// adds their packets to the report, and tells who should have got one and did
// not.
func (c *Checker) others(r *Report, best *talk, f *finding) {
	events := []broadcast{{4, chat.Login, f.login, f.own, 13}, {6, chat.Say, f.say, f.ownSay, 18}}
	copies := map[int]bool{}
	for _, t := range c.talks {
		if t == best || t.server != best.server || t.key != "" && t.key == best.key {
			continue
		}
		roles := map[int]role{}
		for _, b := range events {
			if b.own < 0 {
				continue
			}
			s := &f.steps[b.step]
			if i := t.copyOf(best, f, b); i >= 0 {
				copies[b.step] = true
				roles[i] = role{s.ID, b.documented, s.Status != Found}
				s.Packets = append(s.Packets, t.packets(&t.units[i])...)
			} else if t.passedBy(best, f, b) && s.Status == Found {
				s.Status = Different
				s.Got, s.Hint = say("got.notpassed", "port", int(t.client.Port())), say("hint.notpassed")
			}
		}
		if len(roles) == 0 {
			continue
		}
		for i := range t.records {
			if v := t.verdict(i, roles); v.Documented > 3 {
				r.Packets = append(r.Packets, v)
			}
		}
	}
	for _, b := range events {
		s := &f.steps[b.step]
		slices.Sort(s.Packets)
		switch {
		case s.Status != Found || copies[b.step]:
		case best.alone(f):
			s.Notes = append(s.Notes, say("note.alone"))
		default:
			// Theirs may have passed another machine's network card.
			s.Notes = append(s.Notes, say("note.own"))
		}
	}
}

// copyOf gives the unit in t that is another member's copy of b, or -1. Of
// several that say the same it is the one that was captured nearest.
func (t *talk) copyOf(best *talk, f *finding, b broadcast) int {
	own := &best.units[b.own]
	heard := best.records[own.at].packet
	nearest, apart := -1, 0
	for i := range t.units {
		u := &t.units[i]
		if u.from != dissect.Server || !u.chat || u.message.Type != b.kind || !u.copies(own, f.id) {
			continue
		}
		distance := t.records[u.at].packet - heard
		if distance < 0 {
			distance = -distance
		}
		if nearest < 0 || distance < apart {
			nearest, apart = i, distance
		}
	}
	return nearest
}

// copies tells whether u says to another member what own says to the newcomer,
// whose id is given.
func (u *unit) copies(own *unit, id string) bool {
	m := &u.message
	if m.Type == chat.Login {
		return m.Members == nil && m.ID == id && m.Name == own.message.Name
	}
	return m.ID == id && m.Content == own.message.Content && m.To == own.message.To
}

// passedBy tells whether it is certain that b was not sent to t, though t was in
// the room: t's capture has no gap, and the server spoke to it afterwards.
func (t *talk) passedBy(best *talk, f *finding, b broadcast) bool {
	if t.lost || t.gaps.any() || f.login < 0 {
		return false
	}
	heard := best.records[best.units[b.own].at].packet
	caused := heard
	if b.cause >= 0 {
		caused = min(heard, best.records[best.units[b.cause].at].packet)
	}
	room, in := t.roomAt(caused)
	mine, known := best.roomAsked(heard)
	if now, _ := t.roomAsked(heard); !in || !known || room != mine || now != room {
		return false
	}
	return slices.ContainsFunc(t.units, func(u unit) bool {
		return u.from == dissect.Server && u.chat && t.records[u.at].packet > heard
	})
}

// roomAsked gives the room that t's browser had asked for last when packet came:
// a login on an open connection is how one changes rooms. asked is false where
// no login of it was captured.
func (t *talk) roomAsked(packet int) (room string, asked bool) {
	for i := range t.units {
		if u := &t.units[i]; u.is(dissect.Client, chat.Login) && t.records[u.at].packet < packet {
			room, asked = u.message.Room, true
		}
	}
	return room, asked
}

// roomAt gives the room that the server had let t's browser into when packet
// came: between the login and the answer the browser is in none for certain.
func (t *talk) roomAt(packet int) (room string, in bool) {
	for i := range t.units {
		u := &t.units[i]
		if t.records[u.at].packet >= packet {
			continue
		}
		switch {
		case u.is(dissect.Client, chat.Login):
			room, in = u.message.Room, false
		case u.membership():
			in = true
		}
	}
	return room, in
}

// alone tells whether the newcomer heard of nobody else: the list names one
// member, and no other came.
func (t *talk) alone(f *finding) bool {
	return len(f.members) == 1 && !slices.ContainsFunc(t.units, func(u unit) bool {
		return u.is(dissect.Server, chat.Login) && u.chat && u.message.ID != f.id
	})
}
