package evidence

import (
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// RoomAsked gives the room that the browser had asked for last before packet
// number came: a login on an open connection is how one changes rooms. asked is
// false where no login was captured.
func (c *Conversation) RoomAsked(number int) (room string, asked bool) {
	for _, u := range c.Units {
		if u.Is(dissect.Client, chat.Login) && u.Last.Number < number {
			room, asked = u.Message.Room, !u.Cut
		}
	}
	return room, asked
}

// JoinedAfter tells whether the browser certainly was in no room yet when packet
// number n passed.
func (c *Conversation) JoinedAfter(n int) bool {
	if c.SYN == nil || c.Compressed || c.Short || c.Gap(dissect.Client) {
		return false
	}
	for _, u := range c.Units {
		if u.Is(dissect.Client, chat.Login) {
			return u.Last.Number > n
		}
	}
	return false
}

// Left gives the number of the packet with which the connection began to end, and
// the nickname and room that the browser had then; packet is 0 where it did not end
// or was in no room.
func (c *Conversation) Left() (packet int, name, room string) {
	for _, p := range c.Packets {
		if p.Flags&(tcp.FIN|tcp.RST) == 0 {
			continue
		}
		room, in := c.RoomAt(p.Number)
		if !in {
			break
		}
		for _, u := range c.Units {
			if u.Is(dissect.Client, chat.Login) && u.Last.Number < p.Number {
				name = u.Message.Name
			}
		}
		return p.Number, name, room
	}
	return 0, "", ""
}

// RoomAt gives the room that the server had let the browser into when packet
// number came: between the login and the answer the browser is in none for
// certain.
func (c *Conversation) RoomAt(number int) (room string, in bool) {
	asked := false
	for _, u := range c.Units {
		switch {
		case u.Last.Number >= number:
		case u.Is(dissect.Client, chat.Login):
			room, asked, in = u.Message.Room, !u.Cut, false
		case u.MemberList():
			in = asked
		}
	}
	return room, in
}
