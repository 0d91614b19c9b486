package steps

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/layout"
)

// members judges the list that the server answers a login with.
func (a *Attempt) members() Step {
	var names []string
	for _, m := range a.inRoom {
		names = append(names, chat.Unescape(m.Name))
	}
	return a.frame(annotate.Members, a.Members, a.rightMembers, "got.members", "names", catalogue.List[string](layout.QuoteAll(names, texts.MaxQuoted)))
}

// rightMembers tells whether the newcomer of a list has the nickname. Somebody else's
// may name who was there already.
func (a *Attempt) rightMembers(u *evidence.Unit) bool {
	newcomer := u.Message.Newcomer()
	return slices.ContainsFunc(u.Message.Members, func(m chat.Member) bool { return m.ID == newcomer && isName(a.Task.Nick, m.Name) })
}
