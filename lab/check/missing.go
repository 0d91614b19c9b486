package check

import (
	"slices"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// missingHint tells what probably went wrong where step i of the scenario is
// missing.
func (t *talk) missingHint(f *finding, i int, o Options, short bool) catalogue.Message {
	shows := func(s Step) bool { return s.Status == Found || s.Status == Different }
	id := StepIDs[i]
	short = short || slices.ContainsFunc(t.records, func(r record) bool { return r.missing > 0 })
	first := i // of the missing ones behind the TCP handshake, which may be there without it
	for j := i - 1; j > 0; j-- {
		if !shows(f.steps[j]) {
			first = j
		}
	}
	late := t.syn < 0 && t.accept < 0 && (i <= 1 || slices.ContainsFunc(f.steps[i+1:], shows))
	switch {
	case late && !short:
		return say("hint.late")
	case id == Upgrade && f.steps[0].Status == Different && (t.accept < 0 || t.opened < 0):
		return say("hint.after", "step", say("step."+string(TCPHandshake)))
	case t.lostStep(id):
		return say("hint.lost")
	case id == SayBroadcast && f.private:
		// In 2014 not even the sender has a copy.
		return say("hint.private")
	case first < i:
		return say("hint.after", "step", say("step."+string(StepIDs[first])))
	case short:
		return say("hint.snaplen")
	case id == Upgrade:
		return say("hint.upgrade")
	case id == Login:
		return say("hint.login", "nick", quote(o.Nick))
	case id == Say:
		return say("hint.say", "message", quote(o.Message))
	}
	return say("hint.answer")
}

// lostStep tells whether the packet that carries a step may have passed without
// being captured.
func (t *talk) lostStep(id StepID) bool {
	switch id {
	case Login, Say:
		return t.gaps.of(dissect.Client)
	case Members, LoginBroadcast, SayBroadcast:
		return t.gaps.of(dissect.Server)
	}
	return t.gaps.any()
}
