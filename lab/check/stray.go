package check

import (
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// strays undoes what was settled with a unit that belongs to another login or
// another message: who said the right words and then others is not to be told to
// say the right ones because of those where the first were not captured.
func (t *talk) strays(f *finding, o Options) {
	status := func(i int) Status { return f.steps[i].Status }
	if f.login >= 0 && !t.units[f.login].cut && status(2) == Different && status(4) == Found {
		f.forget(2) // the server announces a login that was not captured
		f.login = -1
	}
	if status(2) == Found && f.own >= 0 && status(4) == Different && t.otherwise(f.login, chat.Login, func(u *unit) bool {
		ok, _ := sameName(u.message.Name, t.units[f.own].message.Name)
		return ok
	}) {
		f.forget(3)
		f.forget(4)
		f.own = -1
	}
	if f.say >= 0 && !t.units[f.say].cut && !f.private && status(5) == Different && status(6) == Found {
		f.forget(5)
		f.say = -1
	}
	if status(5) == Found && f.ownSay >= 0 && status(6) == Different && t.otherwise(f.say, chat.Say, func(u *unit) bool {
		return sameContent(u.message.Content, t.units[f.ownSay].message.Content)
	}) {
		f.forget(6)
		f.ownSay = -1
	}
}

// otherwise tells whether the browser sent a message of that type, besides unit
// but, that fits.
func (t *talk) otherwise(but int, kind chat.Type, fits func(*unit) bool) bool {
	for i := range t.units {
		if u := &t.units[i]; i != but && u.is(dissect.Client, kind) && !u.cut && fits(u) {
			return true
		}
	}
	return false
}

// forget makes step i missing again.
func (f *finding) forget(i int) {
	for u, r := range f.units {
		if r.step == StepIDs[i] {
			delete(f.units, u)
		}
	}
	f.steps[i] = Step{}
}
