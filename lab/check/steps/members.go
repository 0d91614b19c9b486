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
		names = append(names, m.Name)
	}
	return a.frame(annotate.Members, a.Members, a.rightMembers, "got.members", "names", catalogue.List[string](layout.QuoteAll(names, texts.MaxQuoted)))
}

// rightMembers tells whether a list has the newcomer in it. Somebody else's may
// name who was there already.
func (a *Attempt) rightMembers(u *evidence.Unit) bool {
	return (a.Login == nil || a.Login.Cut || a.rightLogin(a.Login)) &&
		slices.ContainsFunc(u.Message.Members, func(m chat.Member) bool { return isName(a.Task.Nick, m.Name) })
}
