package evidence

import (
	"slices"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Thin forgets what a lesson goes on to say and no step needs: what others said, all but
// the last maxComings times that they came or went, the heartbeats, and the packets that
// only carry or acknowledge these. It is for captures that have no end; the numbers of
// the packets that stay do not change.
func (c *Capture) Thin() {
	for _, t := range c.Conversations {
		before := len(t.Packets)
		t.thin()
		c.kept -= before - len(t.Packets)
	}
}

// Kept is how many packets are kept.
func (c *Capture) Kept() int { return c.kept }

// maxComings is how many times others came or went a conversation keeps: who was there
// is a note of a step, and whoever comes and goes all the time must not be all that is
// kept.
const maxComings = 100

func (c *Conversation) thin() {
	own, comings := "", 0
	for _, u := range c.Units {
		if u.MemberList() {
			own = u.Message.Newcomer()
		}
	}
	for _, u := range slices.Backward(c.Units) {
		if own == "" || u.Cut || u.Message.ID == own || u.MemberList() || !u.Is(dissect.Server, chat.Login) && !u.Is(dissect.Server, chat.Logout) {
			continue
		}
		comings++
		u.forgotten = comings > maxComings
	}
	for _, u := range c.Units {
		if u.heartbeat() || own != "" && !u.Cut && u.Is(dissect.Server, chat.Say) && u.Message.ID != own && u.Message.ID != "" {
			u.forgotten = true
		}
	}
	gone := func(u *Unit) bool { return u.forgotten }
	all := func(list []*Unit) bool { return !slices.ContainsFunc(list, func(u *Unit) bool { return !u.forgotten }) }
	marks := []*Packet{c.SYN, c.SYNACK, c.HandshakeACK, c.Refusal, c.First[0], c.First[1], c.CutHead[0], c.CutHead[1]}
	c.Packets = slices.DeleteFunc(c.Packets, func(p *Packet) bool {
		switch {
		case p.Flags&(tcp.SYN|tcp.FIN|tcp.RST) != 0 || slices.Contains(marks, p):
			return false
		case p.Length == 0:
			return all(p.Acked)
		}
		carried := c.Carried(p)
		return len(carried) > 0 && all(carried) && all(p.Acked)
	})
	c.Units = slices.DeleteFunc(c.Units, gone)
	for side := range c.sent {
		c.sent[side] = slices.DeleteFunc(c.sent[side], gone)
	}
}

// heartbeat tells whether u only asks whether the other side is there, or says so.
func (u *Unit) heartbeat() bool {
	return u.IsFrame() && (u.Message.Type == chat.Ping || u.Message.Type == chat.Pong ||
		u.Frame.Opcode == dissect.Ping || u.Frame.Opcode == dissect.Pong)
}
