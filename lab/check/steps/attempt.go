package steps

import (
	"cmp"
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// Task is what a capture is to show: Nick is the nickname that is to be taken,
// Message what is to be said. In a message, any run of blanks is as good as one:
// pages that show two as one have misled before.
type Task struct {
	Nick, Message string
	Port          uint16 // the chat server's; 0: scenario.ServerPort
}

// orDocumented gives the task with what is empty as it is in the scenario.
func (t Task) orDocumented() Task {
	return Task{cmp.Or(t.Nick, scenario.Nick), cmp.Or(t.Message, scenario.Message), cmp.Or(t.Port, scenario.ServerPort)}
}

// Attempt is what a conversation has of a task: the units that carry its steps.
// One that was not captured is nil.
type Attempt struct {
	Task         Task
	Conversation *evidence.Conversation

	Request, Response       *evidence.Unit
	Login                   *evidence.Unit
	Members, LoginBroadcast *evidence.Unit // what the server answers to the newcomer
	Say, SayBroadcast       *evidence.Unit
	// Taken is the nickname that was taken, Said what was said last or as expected;
	// empty where that was not captured. Private: it was said to one person.
	Taken, Said string
	Private     bool

	id     string        // the newcomer's uid or client_id, as far as it is known
	named  bool          // the nickname of the task is the newcomer's
	inRoom []chat.Member // those in the list that the newcomer got
	// contradicted are the types of messages of which the server makes others.
	contradicted map[chat.Type]bool
	// broken have frames that break RFC 6455 for steps that were not captured
	// otherwise.
	broken map[annotate.Step]*evidence.Unit
}

// Find looks for a task in a conversation. Of several tries at a step the first
// right one counts, or else the last.
func Find(c *evidence.Conversation, t Task) *Attempt {
	a := &Attempt{Task: t.orDocumented(), Conversation: c, contradicted: map[chat.Type]bool{}, broken: map[annotate.Step]*evidence.Unit{}}
	a.findUpgrade()
	a.findLogin()
	a.findSay()
	a.findBroken()
	if c.Compressed {
		a.takeUnread()
	}
	return a
}

// takeUnread takes what is compressed and cannot be read for what should stand there:
// of the browser's frames the first and the second, of the server's those behind
// them. One alone behind the login has the list and the announcement.
func (a *Attempt) takeUnread() {
	c := a.Conversation
	take := func(unit **evidence.Unit, from dissect.Side, behind *evidence.Unit) {
		if *unit == nil {
			*unit = c.Next(from, behind)
		}
	}
	take(&a.Login, dissect.Client, nil)
	take(&a.Say, dissect.Client, a.Login)
	take(&a.Members, dissect.Server, a.Login)
	if a.LoginBroadcast == nil {
		a.LoginBroadcast = a.Members
		if next := c.Next(dissect.Server, a.Members); next != nil && (a.Say == nil || next.Last.Number < a.Say.Last.Number) {
			a.LoginBroadcast = next
		}
	}
	if a.Say != nil {
		take(&a.SayBroadcast, dissect.Server, a.Say)
	}
}

// findUpgrade takes the request that asks for the upgrade, and what answers it.
func (a *Attempt) findUpgrade() {
	for _, u := range a.Conversation.Units {
		switch {
		case u.Kind == dissect.RequestUnit && (a.Request == nil || !a.Request.Head.Upgrades()):
			if a.Request != nil {
				a.Response = nil
			}
			a.Request = u
		case u.Kind == dissect.ResponseUnit && (a.Response == nil || a.Response.Head.Interim()):
			a.Response = u
		}
	}
}

// findLogin takes a login and what the server answers to it. Where only the right
// login was captured, or only the answer to it, what there is of a wrong one
// belongs to another try.
func (a *Attempt) findLogin() {
	login, right := a.choose(func(u *evidence.Unit) bool { return u.Is(dissect.Client, chat.Login) }, a.rightLogin)
	a.Login = login
	if login != nil {
		a.Taken = login.Message.Name
	}
	for _, u := range a.Conversation.Units {
		if a.id == "" && u.MemberList() {
			if a.id = u.Message.Newcomer(); u.Cut && u.Message.Type == chat.Login {
				a.id = u.Message.ID
			}
		}
	}
	announcement, announced := a.choose(a.announces, a.rightLoginBroadcast)
	a.named = right || announced
	if a.id == "" && announcement != nil {
		a.id = announcement.Message.ID
	}
	if announced && login != nil && !right && !login.Cut && !a.contradiction(chat.Login, login) {
		a.Login = nil
	}
	if right && announcement != nil && !announced && !announcement.Cut {
		a.contradiction(chat.Login, login)
	}
	// The server's answer is to another login of this browser.
	other := right && announcement != nil && !announced &&
		a.sent(chat.Login, login, func(m *chat.Message) bool { return isName(m.Name, announcement.Message.Name) })
	list, listed := a.choose((*evidence.Unit).MemberList, a.rightMembers)
	if list != nil {
		a.inRoom = list.Message.Members
	}
	if !other {
		a.LoginBroadcast = announcement
	}
	if !other || listed {
		a.Members = list
	}
}

// findSay takes what was said and the newcomer's copy of it, of which the same is
// true.
func (a *Attempt) findSay() {
	said, right := a.choose(func(u *evidence.Unit) bool { return u.Is(dissect.Client, chat.Say) }, a.rightSay)
	a.Say = said
	if said != nil {
		a.Said, a.Private = said.Message.Content, !said.Cut && !toAll(&said.Message)
	}
	heard, passedOn := a.choose(a.passesOn, a.rightSayBroadcast)
	if heard == nil {
		return
	}
	a.named = a.named || passedOn && isName(a.Task.Nick, heard.Message.Name)
	if a.id == "" {
		a.id = heard.Message.ID
	}
	if passedOn && said != nil && !right && !said.Cut && !a.Private && !a.contradiction(chat.Say, said) {
		a.Say = nil
	}
	if right && !passedOn && !heard.Cut && toAll(&heard.Message) {
		a.contradiction(chat.Say, said)
	}
	if passedOn || !right || !a.sent(chat.Say, said, func(m *chat.Message) bool { return sameContent(m.Content, heard.Message.Content) }) {
		a.SayBroadcast = heard
	}
}

// contradiction notes that the server makes another message of what was sent, and
// tells whether that is certain: the capture may lack nothing that the browser
// sent, and has no other of that type.
func (a *Attempt) contradiction(kind chat.Type, sent *evidence.Unit) bool {
	c := a.Conversation
	if c.Short || c.Lost || c.Gaps() || c.SYN == nil || a.sent(kind, sent, func(*chat.Message) bool { return true }) {
		return false
	}
	a.contradicted[kind] = true
	return true
}

// Contradicted tells whether the server makes another message of the browser's
// than the step's: of one login, or of what was said once.
func (a *Attempt) Contradicted(step annotate.Step) bool {
	switch step {
	case annotate.Login, annotate.Members, annotate.LoginBroadcast:
		return a.contradicted[chat.Login]
	case annotate.Say, annotate.SayBroadcast:
		return a.contradicted[chat.Say]
	}
	return false
}

// choose gives the first unit that fits and is right, or else the last that
// fits at all, or nil.
func (a *Attempt) choose(fits, right func(*evidence.Unit) bool) (chosen *evidence.Unit, ok bool) {
	for _, u := range a.Conversation.Units {
		if fits(u) {
			if chosen = u; right(u) {
				return u, true
			}
		}
	}
	return chosen, false
}

// sent tells whether the browser sent a message of that type that fits, besides
// one.
func (a *Attempt) sent(kind chat.Type, besides *evidence.Unit, fits func(*chat.Message) bool) bool {
	return slices.ContainsFunc(a.Conversation.Units, func(u *evidence.Unit) bool {
		return u != besides && u.Is(dissect.Client, kind) && !u.Cut && fits(&u.Message)
	})
}
