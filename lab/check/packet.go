package check

import (
	"slices"
	"time"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/check/texts"
	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
)

// Kind is what a packet of the conversation is beside the documented ones.
type Kind string

// The kinds of packet.
const (
	Match     Kind = "match"     // as documented
	Allowed   Kind = "allowed"   // not as documented, but as TCP or the chat may have it
	Different Kind = "different" // it carries a step that is not as expected
	Outside   Kind = "noise"     // no part of the scenario
)

// Name names the kind for a reader.
func (k Kind) Name() catalogue.Message { return texts.Check.Message("kind." + string(k)) }

// Packet is what one packet of the conversation is, and why.
type Packet struct {
	Number int // in the capture, from 1
	Kind   Kind
	// Step is the step that the packet carries or acknowledges, or empty.
	Step annotate.Step
	// Documented is its counterpart in the documented capture, or 0.
	Documented scenario.Number
	// Reason says why the packet is what it is.
	Reason catalogue.Message
	// Heartbeat: the packet belongs to heartbeats alone (annotate.Heartbeats).
	Heartbeat bool
	Time      time.Time // when it was captured
}

// role is what a unit is in the scenario. The zero value is no part of it.
type role struct {
	step       annotate.Step
	documented scenario.Number // that carries it
	wrong      bool
}

// is makes the verdict on a packet that carries or acknowledges a role.
func (r role) is(k Kind, why string, args ...any) Packet {
	if r.step != "" {
		args = append(args, "step", steps.Name(r.step))
	}
	return Packet{Kind: k, Step: r.step, Documented: r.documented, Reason: texts.Check.Message(why, args...)}
}

// packets judges the packets of the conversation that counts, and those that
// carry or acknowledge others' copies of what was broadcast.
func packets(a *steps.Attempt, others *steps.Copies) []Packet {
	wrong := map[annotate.Step]bool{}
	for _, s := range a.Judge(nil) {
		// A head that is cut short tells it itself, and a response is not wrong because
		// its request is missing.
		wrong[s.ID] = s.Status != steps.Found && s.Got.Key() != "got.cut" && s.Got.Key() != "got.upgrade.response"
	}
	all := newJudge(a.Conversation, roles(a, wrong)).packets()
	for c, roles := range copies(others, wrong) {
		for _, p := range newJudge(c, roles).packets() {
			if p.Documented > scenario.PacketHandshakeACK {
				all = append(all, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b Packet) int { return a.Number - b.Number })
	return all
}

// roles gives the roles of an attempt's units.
func roles(a *steps.Attempt, wrong map[annotate.Step]bool) map[*evidence.Unit]role {
	own := map[*evidence.Unit]role{}
	add := func(u *evidence.Unit, step annotate.Step, documented scenario.Number) {
		if u != nil {
			own[u] = role{step, documented, wrong[step]}
		}
	}
	add(a.Request, annotate.Upgrade, scenario.PacketRequest)
	add(a.Response, annotate.Upgrade, scenario.PacketResponse)
	add(a.Login, annotate.Login, scenario.PacketLogin)
	add(a.Members, annotate.Members, scenario.PacketMembers)
	// Today's dialect sends the list with this, in one unit.
	add(a.LoginBroadcast, annotate.LoginBroadcast, scenario.PacketLoginNewcomer)
	add(a.Say, annotate.Say, scenario.PacketSay)
	add(a.SayBroadcast, annotate.SayBroadcast, scenario.PacketSayNewcomer)
	return own
}

// copies gives the roles of the units in other conversations that are copies of a
// broadcast.
func copies(others *steps.Copies, wrong map[annotate.Step]bool) map[*evidence.Conversation]map[*evidence.Unit]role {
	documented := map[annotate.Step]scenario.Number{
		annotate.LoginBroadcast: scenario.PacketLoginEarlier, annotate.SayBroadcast: scenario.PacketSayEarlier,
	}
	found := map[*evidence.Conversation]map[*evidence.Unit]role{}
	for _, c := range others.All {
		if found[c.Conversation] == nil {
			found[c.Conversation] = map[*evidence.Unit]role{}
		}
		found[c.Conversation][c.Unit] = role{c.Step, documented[c.Step], wrong[c.Step]}
	}
	return found
}
