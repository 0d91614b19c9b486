package evidence

import (
	"slices"
	"testing"
	"time"

	"chatlab/lab/check/checktest"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

func taken(packets []capture.Packet) *Capture {
	var c Capture
	for i := range packets {
		c.Add(&packets[i])
	}
	return &c
}

// A packet that is captured again soon is the same; later, or after many others,
// it is one of its own.
func TestDuplicates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		later  time.Duration
		others int
		want   bool
	}{
		{"at once", 0, 0, true}, {"soon", duplicateWithin, 0, true}, {"late", duplicateWithin + 1, 0, false},
		{"before", -duplicateWithin, 0, true}, {"among others", 0, duplicateSlots - 1, true}, {"after too many", 0, duplicateSlots, false},
	} {
		s := checktest.New(t)
		n := s.Conn(60653)
		n.Segment(dissect.Client, tcp.SYN, "")
		again := s.Packets[0]
		again.Time = again.Time.Add(tt.later)
		for range tt.others {
			n.Ack(dissect.Server)
		}
		packets := taken(append(s.Packets, again)).Conversations[0].Packets
		if got := packets[len(packets)-1]; got.Duplicate != tt.want || got.Number != len(packets) {
			t.Errorf("%s: packet %d, duplicate %v", tt.name, got.Number, got.Duplicate)
		}
	}
}

// Conversations beyond the bound are counted.
func TestConversationsAreBounded(t *testing.T) {
	s := checktest.New(t)
	for i := range maxConversations + 3 {
		s.Conn(uint16(1024+i)).Segment(dissect.Client, tcp.SYN, "")
	}
	if c := taken(s.Packets); len(c.Conversations) != maxConversations || c.Outside.Unexamined != 3 || c.Total != len(s.Packets) {
		t.Errorf("%d conversations, %d packets not examined", len(c.Conversations), c.Outside.Unexamined)
	}
}

// A unit's carriers are the packets that brought its bytes first, and each of them
// carries it.
func TestCarriers(t *testing.T) {
	s := checktest.New(t)
	s.Play(checktest.Cast{Alone: true, MSS: 20})
	c := taken(s.Packets).Conversations[0]
	for _, u := range c.Units {
		length := 0
		for _, p := range c.Carriers(u) {
			length += p.Length
			if p.From != u.From || !slices.Contains(c.Carried(p), u) {
				t.Errorf("packet %d does not carry the unit at %d", p.Number, u.Start)
			}
		}
		if length != int(u.End-u.Start) {
			t.Errorf("%d bytes carry the unit from %d to %d", length, u.Start, u.End)
		}
	}
	if len(c.Units) < 7 {
		t.Errorf("%d units", len(c.Units))
	}
}

// Between a login and the server's answer a browser is in no room for certain.
func TestRooms(t *testing.T) {
	s := checktest.New(t)
	n := s.Conn(60653)
	s.Enter(n, checktest.Cast{})
	for _, room := range []int{1, 2} {
		s.Login(n, nil, "mynick", room, checktest.Cast{Today: true})
	}
	c := taken(s.Packets).Conversations[0]
	var logins, lists []int
	for _, u := range c.Units {
		switch {
		case u.Is(dissect.Client, chat.Login):
			logins = append(logins, u.Last.Number)
		case u.MemberList():
			lists = append(lists, u.Last.Number)
		}
	}
	for _, tt := range []struct {
		number     int
		asked, at  string
		known, are bool
	}{
		{logins[0], "", "", false, false}, {lists[0], "1", "1", true, false}, {logins[1], "1", "1", true, true},
		{lists[1], "2", "2", true, false}, {lists[1] + 1, "2", "2", true, true},
	} {
		asked, known := c.RoomAsked(tt.number)
		at, in := c.RoomAt(tt.number)
		if asked != tt.asked || known != tt.known || at != tt.at || in != tt.are {
			t.Errorf("packet %d: asked for %q (%v), in %q (%v)", tt.number, asked, known, at, in)
		}
	}
}
