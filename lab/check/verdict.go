package check

import (
	"time"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// delayed is how long an acknowledgement may wait before it counts as delayed:
// Linux waits 40 ms at least when it does (TCP_DELACK_MIN), others longer
// (RFC 1122 §4.2.3.2 allows 500 ms).
const delayed = 35 * time.Millisecond

// ownAck tells which documented packets are acknowledged by a packet of their
// own, which is the next one. The login and what was said are acknowledged by
// the server's answer.
func ownAck(documented int) bool {
	switch documented {
	case 4, 6, 9, 11, 13, 16, 18:
		return true
	}
	return false
}

// verdict says what record i of t is beside the documented packets. The roles
// are those of t's units.
func (t *talk) verdict(i int, roles map[int]role) Verdict {
	r := &t.records[i]
	v := Verdict{Packet: r.packet}
	v.Kind, v.Documented, v.Step, v.Reason = t.judge(i, r, roles)
	return v
}

func (t *talk) judge(i int, r *record, roles map[int]role) (Kind, int, StepID, catalogue.Message) {
	switch {
	case r.twice:
		return Allowed, 0, "", say("why.twice")
	case r.kind == dissect.Retransmission:
		return Allowed, 0, "", say("why.repeated")
	case i == t.syn:
		return Match, 1, TCPHandshake, say("why.syn")
	case i == t.accept:
		return Match, 2, TCPHandshake, say("why.accept")
	case i == t.opened && r.length == 0 && r.flags&tcp.FIN == 0:
		return Match, 3, TCPHandshake, say("why.opened")
	case r.flags&tcp.SYN != 0:
		return Noise, 0, "", say("why.syn.other")
	case r.kind == dissect.KeepAlive:
		return Noise, 0, "", say("why.keepalive")
	case r.length > 0:
		return t.judgeData(i, r, roles)
	case i == t.refused:
		return Wrong, 0, TCPHandshake, say("why.refused")
	case r.flags&(tcp.FIN|tcp.RST) != 0:
		return Noise, 0, "", say("why.closing")
	}
	return t.judgeAck(r, roles)
}

func (t *talk) judgeData(i int, r *record, roles map[int]role) (Kind, int, StepID, catalogue.Message) {
	units := t.carried(r)
	first := -1 // the first that is part of the scenario
	parts := 0
	for _, u := range units {
		if _, ok := roles[u]; ok {
			if first < 0 {
				first = u
			}
			parts++
		}
	}
	if i == t.cutHead[r.from] {
		return Wrong, 0, Upgrade, say("why.cut", "bytes", r.length-r.missing, "length", r.length)
	}
	if first < 0 {
		if len(units) == 0 {
			if r.missing > 0 {
				return Noise, 0, "", say("why.cut", "bytes", r.length-r.missing, "length", r.length)
			}
			return Noise, 0, "", say("why.data")
		}
		return Noise, 0, "", t.units[units[0]].noise()
	}
	u, role := &t.units[first], roles[first]
	step := say("step." + string(role.step))
	switch {
	case role.wrong:
		return Wrong, role.documented, role.step, say("why.wrong", "step", step)
	case r.kind == dissect.OutOfOrder:
		return Allowed, role.documented, role.step, say("why.early", "step", step)
	case tcp.Before(u.start, r.seq) || tcp.Before(r.end(), u.end):
		return Allowed, role.documented, role.step, say("why.split", "step", step)
	case len(units) > 1:
		return Allowed, role.documented, role.step, say("why.coalesced", "step", step, "units", len(units))
	}
	for _, a := range r.acked {
		if ro, ok := roles[a]; ok && ownAck(ro.documented) {
			return Allowed, role.documented, role.step, say("why.acktoo", "step", step, "packet", ro.documented+1)
		}
	}
	return Match, role.documented, role.step, say("why."+string(role.step), "nick", quote(u.message.Name))
}

func (t *talk) judgeAck(r *record, roles map[int]role) (Kind, int, StepID, catalogue.Message) {
	last, n := -1, 0
	for _, a := range r.acked {
		if _, ok := roles[a]; ok {
			last = a
			n++
		}
	}
	switch {
	case last < 0 && len(r.acked) > 0:
		return Noise, 0, "", say("why.ack.noise")
	case last < 0 && r.acksPart && !t.over[r.from.Other()]:
		return Allowed, 0, "", say("why.ack.part")
	case last < 0 && r.acksPart:
		return Noise, 0, "", say("why.closing")
	case last < 0:
		return Allowed, 0, "", say("why.ack.again")
	}
	role := roles[last]
	step := say("step." + string(role.step))
	late := r.time.Sub(t.records[t.units[last].at].time)
	switch {
	case n > 1:
		return Allowed, 0, role.step, say("why.ack.merged", "units", n)
	case !ownAck(role.documented):
		return Allowed, 0, role.step, say("why.ack.own", "step", step)
	case late > delayed:
		return Allowed, role.documented + 1, role.step, say("why.ack.delayed", "step", step, "ms", int(late.Milliseconds()))
	}
	return Match, role.documented + 1, role.step, say("why.ack", "step", step)
}

// noise says what a unit is that is no part of the scenario.
func (u *unit) noise() catalogue.Message {
	switch {
	case u.kind != dissect.FrameUnit:
		return say("why.http")
	case u.frame.Opcode == dissect.Close:
		return say("why.closing")
	case u.frame.Opcode.Control():
		return say("why.control")
	case !u.chat:
		return say("why.frame")
	}
	switch u.message.Type {
	case chat.Ping, chat.Pong:
		return say("why.heartbeat")
	case chat.Login:
		return say("why.login.other")
	case chat.Logout:
		return say("why.logout")
	case chat.Say:
		return say("why.say.other")
	}
	return say("why.frame")
}
