package evidence

import (
	"slices"
	"strings"
	"time"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// maxText bounds what is kept of a text, in bytes.
const maxText = 1 << 10

// Unit is what is kept of an HTTP head or a WebSocket frame.
type Unit struct {
	Kind       dissect.UnitKind
	From       dissect.Side
	Start, End uint32  // relative sequence numbers: first byte, one after the last
	Last       *Packet // that it ends in
	Head       *dissect.Head
	Frame      dissect.FrameHeader
	Rule       dissect.Rule // that the frame breaks
	// Fits is a length that would fit, where that of the frame, or with NoHeader that
	// of the frame before, does not; 0: nothing tells.
	Fits     uint64
	Cut      bool   // not all of the frame was captured
	Text     string // of the frame, or as much of it as is kept
	Captured int    // bytes of the frame's text
	// Message is what the frame says, or of one that is cut the members before the
	// cut; it has no type where that is no chat message, or cannot be read.
	Message chat.Message

	forgotten bool // by Thin: what acknowledges it may still come
}

// IsFrame tells whether u is a WebSocket frame, whether it keeps to the rules or not.
func (u *Unit) IsFrame() bool { return u.Kind == dissect.FrameUnit || u.Kind == dissect.BrokenUnit }

// newUnit keeps what is kept of a unit that ends in a packet. A frame that breaks a
// rule is read as if its receiver took it.
func newUnit(last *Packet, u *dissect.Unit) *Unit {
	f := &u.Frame
	kept := &Unit{Kind: u.Kind, From: u.From, Start: u.Start, End: u.End, Last: last, Head: u.HTTP, Frame: f.FrameHeader, Rule: f.Broken, Fits: f.Fits, Cut: f.Cut}
	if !u.IsFrame() {
		return kept
	}
	text := f.Payload
	if f.Message != nil {
		text = f.Message
	}
	if said := f.Said(); said != nil {
		kept.Message, _ = chat.Parse(said)
	} else if f.Cut && !f.Compressed() && !f.Opcode.Control() {
		kept.Message, _ = chat.ParseStart(text)
	}
	kept.Captured = len(text)
	kept.Text = string(text[:min(len(text), maxText)])
	return kept
}

// Unfinished gives the frame of a side of which not all has come, as far as it has,
// or nil.
func (c *Conversation) Unfinished(from dissect.Side) *Unit {
	if c.flow == nil || len(c.Packets) == 0 {
		return nil
	}
	u, came, ok := c.flow.Unfinished(from)
	if !ok {
		return nil
	}
	kept := newUnit(c.Packets[len(c.Packets)-1], &u)
	if m, whole := chat.Parse(u.Frame.Payload); whole { // nothing can follow it
		kept.Message, kept.Fits = m, came
	}
	kept.Captured = int(came)
	last := c.Packets[len(c.Packets)-1]
	if carriers := c.Carriers(kept); kept.Fits == 0 && len(carriers) > 0 && (c.Ended[from] || last.Time.Sub(carriers[len(carriers)-1].Time) > settled) {
		kept.Fits = came
	}
	return kept
}

// settled is how long a frame of which no more comes may be under way.
const settled = time.Second

// Fits gives a length of payload with which a frame would end where a segment does
// that was sent at once (PSH), as browsers and the chat's server send all they say;
// 0: it does, or nothing tells.
func (c *Conversation) Fits(u *Unit) int {
	carriers := c.Carriers(u)
	if len(carriers) == 0 || carriers[0].Flags&tcp.PSH == 0 || carriers[0].Seq != u.Start || carriers[0].End() == u.End {
		return 0
	}
	for _, v := range c.sent[u.From] { // several frames in one segment
		if v.End == carriers[0].End() && !tcp.Before(v.Start, u.End) {
			return 0
		}
	}
	return int(carriers[0].End()-u.Start) - u.Frame.Size
}

func (c *Conversation) addUnit(last *Packet, u *dissect.Unit) {
	kept := newUnit(last, u)
	switch u.Kind {
	case dissect.RequestUnit:
		if k := u.HTTP.Get("Sec-WebSocket-Key"); k != "" {
			c.Key = k
		}
	case dissect.ResponseUnit:
		// RFC 7692 §5
		c.Compressed = c.Compressed || u.HTTP.Status() == 101 && strings.Contains(strings.ToLower(u.HTTP.Get("Sec-WebSocket-Extensions")), "permessage-deflate")
	default:
		c.Frames = true
	}
	if c.Dialect == "" {
		c.Dialect = kept.Message.Dialect
	}
	c.Units = append(c.Units, kept)
	c.unacked[place{u.From, u.End}] = kept
	// Units are emitted in the order of their places but for a capture that
	// lost its place.
	list := c.sent[u.From]
	i := len(list)
	for i > 0 && tcp.Before(u.Start, list[i-1].Start) {
		i--
	}
	c.sent[u.From] = slices.Insert(list, i, kept)
}

// Is tells whether u is a chat message of that type, as far as it was captured.
func (u *Unit) Is(from dissect.Side, kind chat.Type) bool {
	if !u.IsFrame() || u.From != from {
		return false
	}
	return u.Message.Type == kind || u.Cut && chat.Begins(u.Text, kind)
}

// MemberList tells whether u is the server's answer to a login: the list of
// members, which only the newcomer gets.
func (u *Unit) MemberList() bool {
	return u.Is(dissect.Server, chat.UserList) ||
		u.Is(dissect.Server, chat.Login) && (u.Message.Members != nil || u.Cut && strings.Contains(u.Text, `"client_list":`))
}

// Before gives the unit of u's side that ends where u begins, or nil.
func (c *Conversation) Before(u *Unit) *Unit {
	for _, before := range c.sent[u.From] {
		if before.IsFrame() && before.End == u.Start {
			return before
		}
	}
	return nil
}

// Next gives the side's first data frame behind a unit, or its first one, or nil.
func (c *Conversation) Next(from dissect.Side, behind *Unit) *Unit {
	passed := behind == nil
	for _, u := range c.Units {
		if passed && u.IsFrame() && u.From == from && !u.Frame.Opcode.Control() {
			return u
		}
		passed = passed || u == behind
	}
	return nil
}
