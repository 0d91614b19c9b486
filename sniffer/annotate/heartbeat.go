package annotate

import (
	"slices"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Heartbeats tells which packets of one conversation belong to heartbeats alone: those
// that carry nothing but whole pings and pongs, of the chat or of WebSocket
// (RFC 6455 §5.5.2, §5.5.3), and those that acknowledge nothing else. A heartbeat that
// is worth a look is none of them: one that was lost, came late or again, breaks a
// rule, or asks once more because nobody has answered. The zero value has seen no
// packet.
type Heartbeats struct {
	// asked tells of a ping that is not answered yet: the chat's, the client's, the
	// server's.
	asked [3]bool
	// due are the frames of such packets that are not acknowledged yet.
	due []unitKey
}

const (
	maxBeat = 125 // bytes of a heartbeat's payload: a control frame has no more
	maxDue  = 64
)

// Only takes the conversation's next packet and tells whether it is one of those.
func (h *Heartbeats) Only(e *dissect.Event) bool {
	s := e.Segment
	end := e.RelSeq + uint32(s.Length)
	if e.Kind == dissect.Retransmission {
		h.due = slices.DeleteFunc(h.due, func(k unitKey) bool { return k.from == e.From && !tcp.Before(end, k.end) })
	}
	only := e.Kind == dissect.Plain && e.Lost == 0 && !e.Late && !e.Withdrawn && !e.Shut && !e.Opened &&
		s.Flags&^tcp.PSH == tcp.ACK && s.Length+len(e.Acked) > 0
	for i := range e.Acked {
		at := slices.Index(h.due, unitKey{e.Acked[i].From, e.Acked[i].End})
		if at < 0 {
			only = false
			continue
		}
		h.due = slices.Delete(h.due, at, at+1)
	}
	next := e.RelSeq
	for i := range e.Units {
		u := &e.Units[i]
		only = h.beat(u) && u.From == e.From && u.Start == next && only
		next = u.End
	}
	if only = only && next == end; !only {
		return false
	}
	for i := range e.Units {
		h.due = append(h.due, unitKey{e.From, e.Units[i].End})
	}
	h.due = h.due[max(0, len(h.due)-maxDue):]
	return true
}

// beat tells whether a unit is a ping or a pong, and no ping behind one that was not
// answered.
func (h *Heartbeats) beat(u *dissect.Unit) bool {
	f := &u.Frame
	if u.Kind != dissect.FrameUnit || f.Cut || f.Length > maxBeat {
		return false
	}
	ask := func(asked *bool) bool {
		before := *asked
		*asked = true
		return !before
	}
	websocket := func(asker dissect.Side) *bool { return &h.asked[1+asker] }
	switch {
	case f.Opcode == dissect.Ping && !u.Guess:
		return ask(websocket(u.From))
	case f.Opcode == dissect.Pong && !u.Guess:
		*websocket(u.From.Other()) = false
		return true
	case f.Opcode != dissect.Text || f.Said() == nil:
		return false
	}
	m, _ := chat.Parse(f.Said())
	switch {
	case m.Type == chat.Ping && u.From == dissect.Server:
		return ask(&h.asked[0])
	case m.Type == chat.Pong && u.From == dissect.Client:
		h.asked[0] = false
		return true
	}
	return false
}
