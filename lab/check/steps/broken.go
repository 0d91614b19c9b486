package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// findBroken looks for what may have been the first step that a side lacks: a frame
// that breaks RFC 6455 and that nobody can read, or one whose length does not fit.
func (a *Attempt) findBroken() {
	for from, sent := range [...][]struct {
		step annotate.Step
		unit *evidence.Unit
		kind chat.Type
	}{
		dissect.Client: {{annotate.Login, a.Login, chat.Login}, {annotate.Say, a.Say, chat.Say}},
		dissect.Server: {{annotate.Members, a.Members, ""}, {annotate.LoginBroadcast, a.LoginBroadcast, chat.Login}, {annotate.SayBroadcast, a.SayBroadcast, chat.Say}},
	} {
		for _, s := range sent {
			if s.unit != nil {
				continue
			}
			if u := a.unread(dissect.Side(from)); u != nil && (u.Message.Type == "" || s.kind == "" || u.Message.Type == s.kind) {
				a.broken[s.step] = u
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

// breaks judges a step whose frame breaks a rule. what is what the frame says, or
// zero where that cannot be read.
func (a *Attempt) breaks(s *Step, u *evidence.Unit, what catalogue.Message) {
	c := a.Conversation
	s.shownBy(c.Carriers(u)...)
	before := c.Before(u)
	switch {
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
	for _, closing := range c.Units {
		if closing.IsFrame() && closing.Frame.Opcode == dissect.Close && closing.From == u.From.Other() && closing.Last.Number >= u.Last.Number && len(closing.Text) >= 2 {
			s.note("note.closed", "packet", closing.Last.Number, "code", int(closing.Text[0])<<8|int(closing.Text[1]))
			break
		}
	}
}
