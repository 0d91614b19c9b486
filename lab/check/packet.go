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
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
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

// delayed is how long an acknowledgement may wait before it counts as delayed:
// Linux waits 40 ms at least when it does (TCP_DELACK_MIN), others longer
// (RFC 1122 §4.2.3.2 allows 500 ms).
const delayed = 35 * time.Millisecond

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

// cast is a conversation, and the roles of its units.
type cast struct {
	*evidence.Conversation
	roles map[*evidence.Unit]role
}

// packets judges the packets of the conversation that counts, and those that
// carry or acknowledge others' copies of what was broadcast.
func packets(a *steps.Attempt, others *steps.Copies) (all []Packet) {
	wrong := map[annotate.Step]bool{}
	for _, s := range a.Judge(nil) {
		wrong[s.ID] = s.Status != steps.Found && s.Got.Key() != "got.cut" && s.Got.Key() != "got.upgrade.response"
	}
	own := cast{a.Conversation, map[*evidence.Unit]role{}}
	for _, r := range []struct {
		unit       *evidence.Unit
		step       annotate.Step
		documented scenario.Number
	}{
		{a.Request, annotate.Upgrade, scenario.PacketRequest}, {a.Response, annotate.Upgrade, scenario.PacketResponse},
		{a.Login, annotate.Login, scenario.PacketLogin},
		// Today's dialect sends the list with the newcomer's own login event.
		{a.Members, annotate.Members, scenario.PacketMembers}, {a.LoginBroadcast, annotate.LoginBroadcast, scenario.PacketLoginNewcomer},
		{a.Say, annotate.Say, scenario.PacketSay}, {a.SayBroadcast, annotate.SayBroadcast, scenario.PacketSayNewcomer},
	} {
		if r.unit != nil {
			own.roles[r.unit] = role{r.step, r.documented, wrong[r.step]}
		}
	}
	for _, p := range own.Packets {
		all = append(all, own.judge(p))
	}
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
		for _, p := range c.Packets {
			if v := (cast{c, roles}).judge(p); v.Documented > scenario.PacketHandshakeACK {
				all = append(all, v)
			}
		}
	}
	slices.SortFunc(all, func(a, b Packet) int { return a.Number - b.Number })
	return all
}

// judge says what a packet is beside the documented ones.
func (c cast) judge(p *evidence.Packet) Packet {
	v := c.verdict(p)
	v.Number = p.Number
	return v
}

func (c cast) verdict(p *evidence.Packet) Packet {
	handshake := role{step: annotate.Handshake}
	switch {
	case p.Duplicate:
		return role{}.is(Allowed, "why.twice")
	case p == c.SYN:
		handshake.documented = scenario.PacketSYN
		return handshake.is(Match, "why.syn")
	case p == c.SYNACK:
		handshake.documented = scenario.PacketSYNACK
		return handshake.is(Match, "why.accept")
	case p == c.HandshakeACK && p.Length == 0 && p.Flags&tcp.FIN == 0:
		handshake.documented = scenario.PacketHandshakeACK
		return handshake.is(Match, "why.opened")
	case p.Kind == dissect.Retransmission:
		return role{}.is(Allowed, "why.repeated")
	case p.Flags&tcp.SYN != 0:
		return role{}.is(Outside, "why.syn.other")
	case p.Kind == dissect.KeepAlive:
		return role{}.is(Outside, "why.keepalive")
	case p.Length > 0:
		return c.data(p)
	case p == c.Refusal:
		return handshake.is(Different, "why.refused")
	case p.Flags&(tcp.FIN|tcp.RST) != 0:
		return role{}.is(Outside, "why.closing")
	}
	return c.acknowledgement(p)
}

// data judges a packet that carries bytes.
func (c cast) data(p *evidence.Packet) Packet {
	units := c.Carried(p)
	first := slices.IndexFunc(units, func(u *evidence.Unit) bool { return c.roles[u].documented > 0 })
	switch {
	case p == c.CutHead[p.From]:
		return role{step: annotate.Upgrade}.is(Different, "why.cut", "bytes", p.Length-p.Missing, "length", p.Length)
	case len(units) == 0 && p.Missing > 0:
		return role{}.is(Outside, "why.cut", "bytes", p.Length-p.Missing, "length", p.Length)
	case len(units) == 0:
		return role{}.is(Outside, "why.data")
	case first < 0:
		return role{}.is(Outside, unrelated(units[0]))
	}
	u := units[first]
	r := c.roles[u]
	switch {
	case r.wrong:
		return r.is(Different, "why.wrong")
	case p.Kind == dissect.OutOfOrder:
		return r.is(Allowed, "why.early")
	case tcp.Before(u.Start, p.Seq) || tcp.Before(p.End(), u.End):
		return r.is(Allowed, "why.split")
	case len(units) > 1:
		return r.is(Allowed, "why.coalesced", "units", len(units))
	}
	for _, acked := range p.Acked {
		if n := c.roles[acked].documented; n.Acknowledged() {
			return r.is(Allowed, "why.acktoo", "packet", int(n+1))
		}
	}
	return r.is(Match, "why."+string(r.step))
}

// acknowledgement judges a packet that only acknowledges.
func (c cast) acknowledgement(p *evidence.Packet) Packet {
	var last *evidence.Unit
	n := 0
	for _, u := range p.Acked {
		if c.roles[u].documented > 0 {
			last = u
			n++
		}
	}
	switch {
	case last == nil && len(p.Acked) > 0:
		return role{}.is(Outside, "why.ack.noise")
	case last == nil && p.AcksPart && !c.Ended[p.From.Other()]:
		return role{}.is(Allowed, "why.ack.part")
	case last == nil && p.AcksPart:
		return role{}.is(Outside, "why.closing")
	case last == nil:
		return role{}.is(Allowed, "why.ack.again")
	}
	r := c.roles[last]
	late := p.Time.Sub(last.Last.Time)
	own := r
	own.documented = 0
	switch {
	case n > 1:
		return own.is(Allowed, "why.ack.merged", "units", n)
	case !r.documented.Acknowledged():
		return own.is(Allowed, "why.ack.own")
	case late > delayed:
		own.documented = r.documented + 1
		return own.is(Allowed, "why.ack.delayed", "ms", int(late.Milliseconds()))
	}
	own.documented = r.documented + 1
	return own.is(Match, "why.ack")
}

// unrelated says what a unit is that is no part of the scenario.
func unrelated(u *evidence.Unit) (why string) {
	switch {
	case u.Kind != dissect.FrameUnit:
		return "why.http"
	case u.Frame.Opcode == dissect.Close:
		return "why.closing"
	case u.Frame.Opcode.Control():
		return "why.control"
	}
	switch u.Message.Type {
	case chat.Ping, chat.Pong:
		return "why.heartbeat"
	case chat.Login:
		return "why.login.other"
	case chat.Logout:
		return "why.logout"
	case chat.Say:
		return "why.say.other"
	}
	return "why.frame"
}
