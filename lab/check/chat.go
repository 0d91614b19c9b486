package check

import (
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// is tells whether a unit is a chat message of that type, as far as it was
// captured.
func (u *unit) is(from dissect.Side, kind chat.Type) bool {
	if u.kind != dissect.FrameUnit || u.from != from {
		return false
	}
	return u.chat && u.message.Type == kind || !u.chat && u.cut && chat.Begins(u.text, kind)
}

// membership tells whether a unit is the server's answer to a login: the list of
// members, which only the newcomer gets.
func (u *unit) membership() bool {
	return u.is(dissect.Server, chat.UserList) || u.is(dissect.Server, chat.Login) && u.message.Members != nil
}

// choose gives the first unit that fits and is right, or else the last that
// fits at all, or -1.
func (t *talk) choose(fits, right func(*unit) bool) (at int, ok bool) {
	at = -1
	for i := range t.units {
		if u := &t.units[i]; fits(u) {
			if at = i; right(u) {
				return at, true
			}
		}
	}
	return at, false
}

// settle writes down what became of a step that unit i carries.
func (t *talk) settle(f *finding, s *Step, id StepID, documented, i int, ok bool, got, hint catalogue.Message) {
	u := &t.units[i]
	s.Packets = append(s.Packets, t.packets(u)...)
	s.Got = got
	switch {
	case u.cut:
		s.Status, s.Got, s.Hint = Different, cutText(u), t.cutHint(u)
	case ok:
		s.Status = Found
	default:
		s.Status, s.Hint = Different, hint
	}
	if _, taken := f.units[i]; !taken {
		f.units[i] = role{id, documented, s.Status != Found}
	}
	if f.dialect == "" && u.chat {
		f.dialect = Dialect(u.message.Dialect)
	}
}

// cutText tells what can be read of a frame that was cut short.
func cutText(u *unit) catalogue.Message {
	return say("got.frame.cut", "bytes", u.got, "length", int(min(u.frame.Length, 1<<31-1)), "text", quote(u.text))
}

// cutHint tells why a frame is not whole: a packet of it was cut short, or is
// not in the capture.
func (t *talk) cutHint(u *unit) catalogue.Message {
	for i := range t.records {
		if r := &t.records[i]; r.from == u.from && r.missing > 0 && tcp.Before(r.seq, u.end) && tcp.Before(u.start, r.end()) {
			return say("hint.snaplen")
		}
	}
	return say("hint.lost")
}

// compressedFrame gives the client's nth frame of a conversation whose frames
// are compressed, or -1.
func (t *talk) compressedFrame(from dissect.Side, n int) int {
	if !t.compressed {
		return -1
	}
	for i := range t.units {
		if u := &t.units[i]; u.kind == dissect.FrameUnit && u.from == from && !u.frame.Opcode.Control() {
			if n--; n < 0 {
				return i
			}
		}
	}
	return -1
}

// unreadable settles a step in a conversation whose frames are compressed.
func (t *talk) unreadable(f *finding, s *Step, id StepID, documented int, from dissect.Side, n int) {
	if i := t.compressedFrame(from, n); i >= 0 {
		t.settle(f, s, id, documented, i, false, say("got.compressed"), say("hint.deflate"))
	}
}

func (t *talk) findLogin(f *finding, s *Step, o Options) {
	i, ok := t.choose(
		func(u *unit) bool { return u.is(dissect.Client, chat.Login) },
		func(u *unit) bool { return u.message.Name == o.Nick })
	if i < 0 {
		t.unreadable(f, s, Login, 8, dissect.Client, 0)
		return
	}
	f.login = i
	u := &t.units[i]
	f.nick = u.message.Name
	f.named = ok
	hint := say("hint.nick", "nick", quote(o.Nick))
	if looseText(f.nick) == looseText(o.Nick) {
		hint = say("hint.nick.close", "nick", quote(o.Nick))
	}
	t.settle(f, s, Login, 8, i, ok, say("got.login", "nick", quote(f.nick)), hint)
}

func (t *talk) findMembers(f *finding, s *Step, o Options) {
	contains := func(u *unit, nick string) bool {
		for _, m := range u.message.Members {
			if ok, _ := sameName(nick, m.Name); ok {
				return true
			}
		}
		return false
	}
	i, ok := t.choose(
		(*unit).membership,
		func(u *unit) bool {
			// Somebody else's list may name who was there already.
			return contains(u, o.Nick) && (f.login < 0 || f.named || t.units[f.login].cut)
		})
	if i < 0 {
		t.unreadable(f, s, Members, 9, dissect.Server, 0)
		return
	}
	u := &t.units[i]
	f.id = u.message.Newcomer()
	f.members = map[string]string{}
	var names []string
	for _, m := range u.message.Members {
		f.members[m.ID] = m.Name
		names = append(names, m.Name)
	}
	t.settle(f, s, Members, 9, i, ok, say("got.members", "names", quote(strings.Join(names, ", "))),
		say("hint.nick", "nick", quote(o.Nick)))
}

func (t *talk) findLoginEvent(f *finding, s *Step, o Options) {
	mine := func(u *unit) bool {
		if !u.is(dissect.Server, chat.Login) {
			return false
		}
		if u.cut {
			return true
		}
		if u.message.Dialect == chat.Today && u.message.Members == nil {
			return false // today's dialect sends the newcomer the list with it
		}
		if f.id != "" {
			return u.message.ID == f.id
		}
		ok, _ := sameName(o.Nick, u.message.Name)
		taken, _ := sameName(f.nick, u.message.Name)
		return ok || f.login >= 0 && taken
	}
	twice := false
	i, ok := t.choose(mine, func(u *unit) (ok bool) {
		ok, twice = sameName(o.Nick, u.message.Name)
		return ok
	})
	if i < 0 {
		t.unreadable(f, s, LoginBroadcast, 11, dissect.Server, 0)
		return
	}
	f.own = i
	u := &t.units[i]
	if f.id == "" {
		f.id = u.message.ID
	}
	f.named = f.named || ok
	t.settle(f, s, LoginBroadcast, 11, i, ok, say("got.login-broadcast", "nick", quote(u.message.Name)),
		say("hint.nick", "nick", quote(o.Nick)))
	if ok && twice {
		s.Notes = append(s.Notes, say("note.twice"))
	}
	if r, taken := f.units[i]; taken && r.step == Members {
		// Today's dialect sends the list with the newcomer's own login event.
		r.step, r.documented = LoginBroadcast, 11
		f.units[i] = r
	}
}
