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
		step annotate.Step
		unit *evidence.Unit
		kind chat.Type
		// The unit stood behind one and before another, where these are not nil.
		behind, before *evidence.Unit
	}{
		dissect.Client: {{annotate.Login, a.Login, chat.Login, nil, a.LoginBroadcast}, {annotate.Say, a.Say, chat.Say, a.Login, a.SayBroadcast}},
		dissect.Server: {
			{annotate.Members, a.Members, "", a.Login, a.Say}, {annotate.LoginBroadcast, a.LoginBroadcast, chat.Login, a.Login, a.Say},
			{annotate.SayBroadcast, a.SayBroadcast, chat.Say, a.Say, nil},
		},
	} {
		for _, s := range sent {
			if s.unit != nil {
				continue
			}
			if u := a.unread(dissect.Side(from)); u != nil && (u.Message.Type == "" || s.kind == "" || u.Message.Type == s.kind) {
				a.broken[s.step] = u
			} else {
				a.broken[s.step] = a.garbled(dissect.Side(from), s.behind, s.before)
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
	if u := a.Conversation.Unfinished(from); u != nil && (u.Fits > 0 || u.Rule != dissect.Unbroken) {
		return u
	}
	return nil
}

// garbled gives the side's last frame between two units that is no whole message of
// the chat's, or nil.
func (a *Attempt) garbled(from dissect.Side, behind, before *evidence.Unit) (last *evidence.Unit) {
	if from == dissect.Server && behind == nil {
		return nil
	}
	for _, u := range a.Conversation.Units {
		// A ping is one whose opcode was altered, if the server answers it as a message.
		data := !u.Frame.Opcode.Control() || from == dissect.Client && u.Frame.Opcode == dissect.Ping && before != nil
		if u.From == from && u.IsFrame() && !u.Cut && data && u.Captured > 0 && u.Frame.RSV == 0 &&
			(behind == nil || u.Last.Number > behind.Last.Number) && (before == nil || u.Last.Number < before.Last.Number) &&
			(!known(u.Message.Type) || from == dissect.Server && u.Message.ID == "" && (u.Message.Type == chat.Login || u.Message.Type == chat.Say)) {
			last = u
		}
	}
	return last
}

// known tells whether a message is of a type that the chat has.
func known(t chat.Type) bool {
	switch t {
	case chat.Login, chat.UserList, chat.Say, chat.Logout, chat.Ping, chat.Pong, chat.Refused:
		return true
	}
	return false
}

// breaks judges a step whose frame breaks a rule. what is what the frame says, or
// zero where that cannot be read.
func (a *Attempt) breaks(s *Step, u *evidence.Unit, what catalogue.Message) {
	c := a.Conversation
	s.shownBy(c.Carriers(u)...)
	before := c.Before(u)
	switch fits := c.Fits(u); {
	case fits > 0 && (u.Rule == dissect.Unbroken && u.Fits == 0 || u.Rule == dissect.NotUTF8):
		s.different("got.frame.none", "at", int(u.Start)+int(u.Frame.Size)+int(u.Frame.Length), "length", int(u.Frame.Length), "fits", fits)
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
	by, p, closing := c.End()
	if p != nil && by == u.From.Other() && (closing != nil && accuses(closeCode(closing)) || closing == nil && c.Next(u.From, u) == nil) {
		s.ends(c)
	}
}
