package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// findBroken looks for what may have been the first step that a side lacks: a frame
// that breaks RFC 6455 and that nobody can read, or one whose length does not fit.
func (a *Attempt) findBroken() {
	for from, sent := range [...][]struct {
		step   annotate.Step
		unit   *evidence.Unit
		kind   chat.Type
		answer *evidence.Unit
	}{
		dissect.Client: {{annotate.Login, a.Login, chat.Login, a.LoginBroadcast}, {annotate.Say, a.Say, chat.Say, a.SayBroadcast}},
		dissect.Server: {
			{annotate.Members, a.Members, "", nil}, {annotate.LoginBroadcast, a.LoginBroadcast, chat.Login, nil},
			{annotate.SayBroadcast, a.SayBroadcast, chat.Say, nil},
		},
	} {
		for _, s := range sent {
			if s.unit != nil {
				continue
			}
			if u := a.unread(dissect.Side(from)); u != nil && (u.Message.Type == "" || s.kind == "" || u.Message.Type == s.kind) {
				a.broken[s.step] = u
			} else if s.answer != nil {
				a.broken[s.step] = a.garbled(s.answer)
			}
			break
		}
	}
}

// unread gives the side's first frame that breaks a rule and says nothing, or its
// last one whose length does not fit.
func (a *Attempt) unread(from dissect.Side) *evidence.Unit {
	for _, u := range a.Conversation.Units {
		if u.From == from && u.Rule != dissect.Unbroken && u.Message.Type == "" {
			return u
		}
	}
	if u := a.Conversation.Unfinished(from); u != nil && u.Fits > 0 {
		return u
	}
	return nil
}

// garbled gives the browser's last frame before the server's answer, if it says
// nothing of the chat's: it must have said what the server answers.
func (a *Attempt) garbled(answer *evidence.Unit) (last *evidence.Unit) {
	for _, u := range a.Conversation.Units {
		if u.From == dissect.Client && u.IsFrame() && u.Frame.Opcode != dissect.Close && u.Captured > 0 && u.Last.Number < answer.Last.Number {
			last = u
		}
	}
	if last != nil && last.Message.Type != "" {
		return nil
	}
	return last
}

// breaks judges a step whose frame breaks a rule. what is what the frame says, or
// zero where that cannot be read.
func (a *Attempt) breaks(s *Step, u *evidence.Unit, what catalogue.Message) {
	c := a.Conversation
	s.shownBy(c.Carriers(u)...)
	before := c.Before(u)
	switch {
	case u.Rule == dissect.Unbroken && u.Fits == 0:
		fin := 0
		if u.Frame.Fin {
			fin = 1
		}
		s.different("got.frame.unread", "opcode", u.Frame.Opcode.String(), "fin", fin, "text", texts.Quote(u.Text))
		return
	case u.Rule == dissect.Unbroken:
		s.different("got.frame.length", "at", int(u.Start), "length", int(min(u.Frame.Length, 1<<31-1)), "came", u.Captured)
	case u.Rule == dissect.NoHeader && u.Fits > 0 && before != nil:
		s.shownBy(c.Carriers(before)...)
		s.different("got.frame.none", "at", int(u.Start), "length", int(before.Frame.Length), "fits", int(u.Fits))
	case what.IsZero():
		s.different("got.frame.broken", "section", u.Rule.Section(), "rule", annotate.Rule(u.Rule))
	default:
		s.different("got.frame.breaks", "what", what, "section", u.Rule.Section(), "rule", annotate.Rule(u.Rule))
	}
	if by, p, _ := c.End(); p != nil && by == u.From.Other() {
		s.ends(c)
	}
}

// ends notes how the connection ended: who began to, in which packet, and the close
// frame's code if there is one (RFC 6455 §7.1.5).
func (s *Step) ends(c *evidence.Conversation) {
	switch by, p, closing := c.End(); {
	case p == nil:
	case by == dissect.Client:
		s.note("note.left", "packet", p.Number)
	case closing != nil && len(closing.Text) >= 2:
		s.note("note.closed", "packet", p.Number, "code", int(closing.Text[0])<<8|int(closing.Text[1]))
	default:
		s.note("note.ended", "packet", p.Number)
	}
}
