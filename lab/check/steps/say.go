package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// say judges what the browser says.
func (a *Attempt) say(others *Copies) Step {
	if others != nil && others.saidIn != nil {
		other := others.saidIn
		s := a.step(annotate.Say)
		s.shownBy(other.Conversation.Carriers(other.Say)...)
		port := int(other.Conversation.Client.Port())
		if other.Taken == "" && other.Conversation.SYN == nil {
			s.different("got.say.window", "message", texts.Quote(other.Said), "port", port)
		} else if other.Taken == "" {
			s.different("got.say.nobody", "message", texts.Quote(other.Said), "port", port)
		} else {
			s.different("got.say.elsewhere", "message", texts.Quote(other.Said), "name", texts.Quote(other.Taken), "port", port)
		}
		return s
	}
	got, args := "got.say", []any{"message", texts.Quote(a.Said)}
	if a.Private {
		got, args = "got.say.private", append(args, "name", texts.Quote(a.hearer(&a.Say.Message)))
	}
	s := a.frame(annotate.Say, a.Say, a.rightSay, got, args...)
	if s.Status == Found && a.Said != a.Task.Message {
		s.note("note.blanks")
	}
	if a.Say != nil {
		switch as, known := a.saidAs(); {
		case as == nil && known && a.Login != nil:
			s.note("note.early")
		case as != nil && known && as != a.Login && a.Login != nil && a.rightLogin(a.Login) && !a.rightLogin(as):
			s.note("note.renamed", "nick", texts.Quote(as.Message.Name))
		}
	}
	return s
}

// saidAs gives the browser's last login before the message, or nil. It is not known
// where a frame before cannot be read.
func (a *Attempt) saidAs() (login *evidence.Unit, known bool) {
	c := a.Conversation
	known = c.SYN != nil && !c.Gap(dissect.Client) && !c.Compressed
	for _, u := range c.Units {
		switch {
		case u == a.Say:
			return login, known
		case u.Is(dissect.Client, chat.Login):
			login, known = u, known && !u.Cut
		case u.From == dissect.Client && u.IsFrame() && !u.Frame.Opcode.Control() && u.Message.Type == "":
			known = false
		}
	}
	return login, false
}

// said tells whether the newcomer said it, or tried.
func (a *Attempt) said() bool {
	return a.Private || a.Say != nil && (a.Say.Cut || a.rightSay(a.Say)) || a.SayBroadcast != nil && (a.SayBroadcast.Cut || a.rightSayBroadcast(a.SayBroadcast))
}

func (a *Attempt) rightSay(u *evidence.Unit) bool {
	return !u.Cut && toAll(&u.Message) && SameMessage(a.Task.Message, u.Message.Content)
}

func toAll(m *chat.Message) bool { return m.To == chat.Everybody || m.To == "" }

// hearer names whom a private message is for: today's dialect says the name
// with it, that of 2014 only the uid.
func (a *Attempt) hearer(m *chat.Message) string {
	if m.ToName != "" {
		return m.ToName
	}
	for _, member := range a.inRoom {
		if member.ID == m.To && member.Name != "" {
			return chat.Unescape(member.Name)
		}
	}
	return m.To
}
