// Package steps holds a conversation against the scenario, step by step.
package steps

import (
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// Name names a step for a reader.
func Name(id annotate.Step) catalogue.Message { return texts.Check.Message("step." + string(id)) }

// Status tells what became of a step.
type Status string

// The statuses of a step.
const (
	Found     Status = "found"
	Different Status = "different" // it took place, but not as expected
	Missing   Status = "missing"   // the capture does not show it
)

// Name names the status for a reader.
func (s Status) Name() catalogue.Message { return texts.Check.Message("status." + string(s)) }

// Step is what a capture shows of one step.
type Step struct {
	ID     annotate.Step
	Status Status
	// Packets are the numbers in the capture, from 1, of those that show it.
	Packets []int
	// Expected is what the step is to be; Got what the capture has instead or,
	// when it was found, what it has.
	Expected, Got catalogue.Message
	// Notes are what is worth knowing of a step though it is as it should be.
	Notes []catalogue.Message
}

// Judge gives all steps, in their order, as an attempt shows them. others is what
// other conversations have of it, or nil.
func (a *Attempt) Judge(others *Copies) []Step {
	all := []Step{
		a.handshake(), a.upgrade(), a.login(), a.members(),
		a.passedOn(a.loginBroadcast(), a.LoginBroadcast, others), a.say(others), a.passedOn(a.sayBroadcast(), a.SayBroadcast, others),
	}
	found := func(s Step) bool { return s.Status == Found }
	const login = 2 // the third step
	i := slices.IndexFunc(all, func(s Step) bool { return !found(s) })
	if i >= login && all[i].Status == Missing && !slices.ContainsFunc(all[i:], found) {
		all[i].ends(a.Conversation)
	}
	return all
}

// step gives a step of which nothing was captured.
func (a *Attempt) step(id annotate.Step) Step {
	return Step{ID: id, Status: Missing, Expected: texts.Check.Message("expected."+string(id),
		"nick", texts.Quote(a.Task.Nick), "message", texts.Quote(a.Task.Message), "port", int(a.Task.Port))}
}

// found and different settle a step that packets show.
func (s *Step) found(got string, args ...any) {
	s.Status, s.Got = Found, texts.Check.Message(got, args...)
}

func (s *Step) different(got string, args ...any) {
	s.Status, s.Got = Different, texts.Check.Message(got, args...)
}

func (s *Step) note(key string, args ...any) {
	s.Notes = append(s.Notes, texts.Check.Message(key, args...))
}

// shownBy adds packets, each once and in their order; nil is none.
func (s *Step) shownBy(packets ...*evidence.Packet) {
	for _, p := range packets {
		if p != nil {
			s.Packets = append(s.Packets, p.Number)
		}
	}
	slices.Sort(s.Packets)
	s.Packets = slices.Compact(s.Packets)
}

// frame gives a step that a frame carries, found or different as the frame is
// right or not.
func (a *Attempt) frame(id annotate.Step, u *evidence.Unit, right func(*evidence.Unit) bool, got string, args ...any) Step {
	s := a.step(id)
	if u == nil {
		if broken := a.broken[id]; broken != nil {
			a.breaks(&s, broken, catalogue.Message{})
		}
		return s
	}
	s.shownBy(a.Conversation.Carriers(u)...)
	switch {
	case u.Rule != dissect.Unbroken && u.Message.Type != "":
		a.breaks(&s, u, texts.Check.Message(got, args...))
	case u.Cut:
		s.different("got.frame.cut", "bytes", u.Captured, "length", int(min(u.Frame.Length, 1<<31-1)), "text", texts.Quote(u.Text))
	case u.Message.Type == "":
		s.different("got.compressed")
	case right(u):
		s.found(got, args...)
	default:
		s.different(got, args...)
	}
	return s
}
