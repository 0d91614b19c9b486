package check

import (
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

func (t *talk) findSay(f *finding, s *Step, o Options) {
	toAll := func(u *unit) bool { return u.message.To == chat.Everybody || u.message.To == "" }
	i, ok := t.choose(
		func(u *unit) bool { return u.is(dissect.Client, chat.Say) },
		func(u *unit) bool { return !u.cut && toAll(u) && sameMessage(o.Message, u.message.Content) })
	if i < 0 {
		t.unreadable(f, s, Say, 15, dissect.Client, 1)
		return
	}
	f.say = i
	u := &t.units[i]
	f.said = u.message.Content
	message := quote(o.Message)
	hint := say("hint.message", "message", message)
	switch {
	case !toAll(u):
		hint = say("hint.private")
	case looseText(f.said) == looseText(o.Message):
		hint = say("hint.message.close", "message", message)
	}
	t.settle(f, s, Say, 15, i, ok, say("got.say", "message", quote(f.said)), hint)
	if !toAll(u) && s.Status == Different && !u.cut {
		f.private = true
		s.Got = say("got.say.private", "message", quote(f.said), "name", quote(f.hearer(&u.message)))
	}
	if ok && f.said != o.Message {
		s.Notes = append(s.Notes, say("note.blanks"))
	}
}

// hearer names whom a private message is for: today's dialect says the name
// with it, that of 2014 only the uid.
func (f *finding) hearer(m *chat.Message) string {
	if m.ToName != "" {
		return m.ToName
	}
	if name := f.members[m.To]; name != "" {
		return chat.Unescape(name)
	}
	return m.To
}

func (t *talk) findSayEvent(f *finding, s *Step, o Options) {
	mine := func(u *unit) bool {
		if !u.is(dissect.Server, chat.Say) {
			return false
		}
		m := &u.message
		if u.cut {
			return true
		}
		if f.id != "" {
			return m.ID == f.id
		}
		if m.Name != "" {
			ok, _ := sameName(o.Nick, m.Name)
			return ok
		}
		// A uid that the capture does not explain: the words tell.
		return f.say >= 0 && sameContent(f.said, m.Content)
	}
	i, ok := t.choose(mine, func(u *unit) bool {
		return !u.cut && sameContent(o.Message, u.message.Content) && u.message.To == chat.Everybody
	})
	if i < 0 {
		t.unreadable(f, s, SayBroadcast, 16, dissect.Server, 1)
		return
	}
	f.ownSay = i
	u := &t.units[i]
	if speaker, _ := sameName(o.Nick, u.message.Name); speaker && ok {
		f.named = true
	}
	if f.id == "" {
		f.id = u.message.ID
	}
	hint := say("hint.message", "message", quote(o.Message))
	if u.message.To != chat.Everybody {
		hint = say("hint.private")
	}
	t.settle(f, s, SayBroadcast, 16, i, ok, say("got.say-broadcast", "message", quote(chat.Unescape(u.message.Content))), hint)
}
