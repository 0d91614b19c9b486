package evidence

import (
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
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
