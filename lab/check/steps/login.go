package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
)

// login judges the browser's login.
func (a *Attempt) login() Step {
	return a.frame(annotate.Login, a.Login, a.rightLogin, "got.login", "nick", texts.Quote(a.Taken))
}

func (a *Attempt) rightLogin(u *evidence.Unit) bool { return u.Message.Name == a.Task.Nick }
