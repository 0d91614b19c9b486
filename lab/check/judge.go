package check

import (
	"slices"
	"time"

	"chatlab/lab/check/evidence"
	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// delayed is how long an acknowledgement may wait before it counts as delayed:
// Linux waits 40 ms at least when it does (TCP_DELACK_MIN), others longer
// (RFC 1122 §4.2.3.2 allows 500 ms).
const delayed = 35 * time.Millisecond

// judge holds the packets of a conversation against the documented ones.
type judge struct {
	*evidence.Conversation
	roles map[*evidence.Unit]role
	// unfinished are the frames of the sides that did not come whole, or nil.
	unfinished [2]*evidence.Unit
}

func newJudge(c *evidence.Conversation, roles map[*evidence.Unit]role) judge {
	return judge{c, roles, [2]*evidence.Unit{dissect.Client: c.Unfinished(dissect.Client), dissect.Server: c.Unfinished(dissect.Server)}}
}

// packets judges all packets of the conversation.
func (j judge) packets() []Packet {
	all := make([]Packet, len(j.Packets))
	for i, p := range j.Packets {
		all[i] = j.packet(p)
		all[i].Number, all[i].Time, all[i].Heartbeat = p.Number, p.Time, p.Heartbeat
	}
	return all
}

func (j judge) packet(p *evidence.Packet) Packet {
	handshake := func(n scenario.Number) role { return role{step: annotate.Handshake, documented: n} }
	switch {
	case p.Duplicate:
		return role{}.is(Allowed, "why.duplicate")
	case p == j.SYN:
		return handshake(scenario.PacketSYN).is(Match, "why.syn")
	case p == j.SYNACK:
		return handshake(scenario.PacketSYNACK).is(Match, "why.synack")
	case p == j.HandshakeACK && p.Length == 0 && p.Flags&tcp.FIN == 0:
		return handshake(scenario.PacketHandshakeACK).is(Match, "why.handshake-ack")
	case p.Kind == dissect.Retransmission:
		return role{}.is(Allowed, "why.retransmission")
	case p.Flags&tcp.SYN != 0:
		return role{}.is(Outside, "why.syn.other")
	case p.Kind == dissect.KeepAlive:
		return role{}.is(Outside, "why.keepalive")
	case p.Kind == dissect.WindowProbe:
		return role{}.is(Outside, "why.probe")
	case p.Length > 0:
		return j.data(p)
	case p == j.Refusal:
		return handshake(0).is(Different, "why.refused")
	case p.Flags&(tcp.FIN|tcp.RST) != 0:
		return role{}.is(Outside, "why.closing")
	}
	return j.acknowledgement(p)
}

// data judges a packet that carries bytes.
func (j judge) data(p *evidence.Packet) Packet {
	units := j.Carried(p)
	first := slices.IndexFunc(units, func(u *evidence.Unit) bool { return j.roles[u].documented > 0 })
	switch {
	case p == j.CutHead[p.From]:
		return role{step: annotate.Upgrade}.is(Different, "why.cut", "bytes", p.Length-p.Missing, "length", p.Length)
	case len(units) == 0 && p.Missing > 0:
		return role{}.is(Outside, "why.cut", "bytes", p.Length-p.Missing, "length", p.Length)
	case len(units) == 0 && j.misfits(p):
		return role{}.is(Different, "why.unfinished")
	case len(units) == 0 && j.Speaks(p.From) == dissect.TLS:
		return role{}.is(Outside, "why.tls")
	case len(units) == 0:
		return role{}.is(Outside, "why.data")
	case first < 0 && units[0].Rule != dissect.Unbroken:
		return role{}.is(Outside, "why.broken", "section", units[0].Rule.Section(), "rule", annotate.Rule(units[0].Rule))
	case first < 0:
		return role{}.is(Outside, unrelated(units[0]))
	}
	u := units[first]
	r := j.roles[u]
	switch {
	case r.wrong:
		return r.is(Different, "why.wrong")
	case p.Kind == dissect.OutOfOrder:
		return r.is(Allowed, "why.out-of-order")
	case tcp.Before(u.Start, p.Seq) || tcp.Before(p.End(), u.End):
		return r.is(Allowed, "why.split")
	case len(units) > 1:
		return r.is(Allowed, "why.coalesced", "units", len(units))
	}
	for _, acked := range p.Acked {
		if n := j.roles[acked].documented; n.Acknowledged() {
			return r.is(Allowed, "why.acktoo", "packet", int(n+1))
		}
	}
	return r.is(Match, "why."+string(r.step))
}

// misfits tells whether p carries bytes of a frame whose length does not fit.
func (j judge) misfits(p *evidence.Packet) bool {
	u := j.unfinished[p.From]
	return u != nil && u.Fits > 0 && !tcp.Before(p.Seq, u.Start)
}

// acknowledgement judges a packet that only acknowledges.
func (j judge) acknowledgement(p *evidence.Packet) Packet {
	var last *evidence.Unit
	n := 0
	for _, u := range p.Acked {
		if j.roles[u].documented > 0 {
			last = u
			n++
		}
	}
	switch {
	case last == nil && len(p.Acked) > 0:
		return role{}.is(Outside, "why.ack.noise")
	case last == nil && p.AcksPart && !j.Ended[p.From.Other()]:
		return role{}.is(Allowed, "why.ack.part")
	case last == nil && p.AcksPart:
		return role{}.is(Outside, "why.closing")
	case last == nil:
		return role{}.is(Allowed, "why.ack.again")
	}
	r := j.roles[last]
	alone := r.documented.Acknowledged()
	r.documented++
	late := p.Time.Sub(last.Last.Time)
	switch {
	case n > 1:
		r.documented = 0
		return r.is(Allowed, "why.ack.merged", "units", n)
	case !alone:
		r.documented = 0
		return r.is(Allowed, "why.ack.own")
	case late > delayed:
		return r.is(Allowed, "why.ack.delayed", "ms", int(late.Milliseconds()))
	}
	return r.is(Match, "why.ack")
}

// unrelated says what a unit is that is no part of the scenario.
func unrelated(u *evidence.Unit) (why string) {
	switch {
	case !u.IsFrame():
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
	case chat.Refused:
		return "why.refused"
	case chat.Logout:
		return "why.logout"
	case chat.Say:
		return "why.say.other"
	}
	return "why.frame"
}
