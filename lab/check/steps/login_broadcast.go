package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// loginBroadcast judges the newcomer's copy of what the server tells everybody.
func (a *Attempt) loginBroadcast() Step {
	nick := ""
	if a.LoginBroadcast != nil {
		nick = a.LoginBroadcast.Message.Name
	}
	s := a.frame(annotate.LoginBroadcast, a.LoginBroadcast, a.rightLoginBroadcast, "got.login-broadcast", "nick", texts.Quote(chat.Unescape(nick)))
	if s.Status == Found && nick != a.Task.Nick && chat.Unescape(nick) != a.Task.Nick {
		s.note("note.escaped-twice")
	}
	return s
}

func (a *Attempt) rightLoginBroadcast(u *evidence.Unit) bool {
	return isName(a.Task.Nick, u.Message.Name)
}

// announces tells whether u is the newcomer's login event, as far as that can be
// told.
func (a *Attempt) announces(u *evidence.Unit) bool {
	m := &u.Message
	switch {
	case !u.Is(dissect.Server, chat.Login):
		return false
	case u.Cut && (m.ID == "" || a.id == ""):
		return true
	case m.Dialect == chat.Today && !u.MemberList():
		return false // today's dialect sends the newcomer the list with it
	case a.id != "":
		return m.ID == a.id
	}
	return a.rightLoginBroadcast(u) || a.Login != nil && isName(a.Taken, m.Name)
}
