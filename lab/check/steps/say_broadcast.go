package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// sayBroadcast judges the newcomer's copy of what was said.
func (a *Attempt) sayBroadcast() Step {
	content := ""
	if a.SayBroadcast != nil {
		content = chat.Unescape(a.SayBroadcast.Message.Content)
	}
	return a.frame(annotate.SayBroadcast, a.SayBroadcast, a.rightSayBroadcast, "got.say-broadcast", "message", texts.Quote(content))
}

func (a *Attempt) rightSayBroadcast(u *evidence.Unit) bool {
	return !u.Cut && u.Message.To == chat.Everybody && sameContent(a.Task.Message, u.Message.Content)
}

// passesOn tells whether u is the newcomer's copy of the newcomer's words, as far
// as that can be told.
func (a *Attempt) passesOn(u *evidence.Unit) bool {
	m := &u.Message
	switch {
	case !u.Is(dissect.Server, chat.Say), !u.Cut && m.ID == "" && m.Name == "":
		return false
	case u.Cut && m.ID == "":
		return true
	case a.id != "":
		return m.ID == a.id
	case u.Cut:
		return true
	case m.Name != "":
		return isName(a.Task.Nick, m.Name)
	}
	// A uid that the capture does not explain: the words tell.
	return a.Say != nil && sameContent(a.Said, m.Content)
}
