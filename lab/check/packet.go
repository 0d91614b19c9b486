package check

import (
	"slices"

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
}

// role is what a unit is in the scenario. The zero value is no part of it.
type role struct {
	step       annotate.Step
	documented scenario.Number // that carries it
	wrong      bool
}

// is makes the verdict on a packet that carries or acknowledges a role.
func (r role) is(k Kind, why string, args ...any) Packet {
	args = append(args, "step", steps.Name(r.step))
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
	own := judge{a.Conversation, map[*evidence.Unit]role{}}
	for _, r := range []struct {
		unit *evidence.Unit
		role
	}{
		{a.Request, role{step: annotate.Upgrade, documented: scenario.PacketRequest}},
		{a.Response, role{step: annotate.Upgrade, documented: scenario.PacketResponse}},
		{a.Login, role{step: annotate.Login, documented: scenario.PacketLogin}},
		// Today's dialect sends the list with the newcomer's own login event.
		{a.Members, role{step: annotate.Members, documented: scenario.PacketMembers}},
		{a.LoginBroadcast, role{step: annotate.LoginBroadcast, documented: scenario.PacketLoginNewcomer}},
		{a.Say, role{step: annotate.Say, documented: scenario.PacketSay}},
		{a.SayBroadcast, role{step: annotate.SayBroadcast, documented: scenario.PacketSayNewcomer}},
	} {
		if r.unit != nil {
			r.wrong = wrong[r.step]
			own.roles[r.unit] = r.role
		}
	}
	all := own.packets()
	copies := map[*evidence.Conversation]map[*evidence.Unit]role{}
	for _, c := range others.All {
		if copies[c.Conversation] == nil {
			copies[c.Conversation] = map[*evidence.Unit]role{}
		}
		documented := scenario.PacketLoginEarlier
		if c.Step == annotate.SayBroadcast {
			documented = scenario.PacketSayEarlier
		}
		copies[c.Conversation][c.Unit] = role{c.Step, documented, wrong[c.Step]}
	}
	for c, roles := range copies {
		for _, p := range (judge{c, roles}).packets() {
			if p.Documented > scenario.PacketHandshakeACK {
				all = append(all, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b Packet) int { return a.Number - b.Number })
	return all
}
