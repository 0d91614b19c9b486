// Package dialect knows the two wire formats of the chat, that of August 2014 and
// today's. It parses the messages of clients and encodes those to them. Text is
// escaped as PHP does it, as in the original (see AppendHTML and AppendJSON). It
// knows neither sockets nor rooms.
package dialect

import "time"

// Version is which of the two formats.
type Version uint8

// The versions. A client's first login shows which it speaks: "name" is 2014's,
// "client_name" and "room_id" are today's.
const (
	Today Version = iota
	V2014
	Versions = 2 // how many there are
)

func (v Version) String() string {
	if v == V2014 {
		return "2014"
	}
	return "today"
}

// Person is a member as messages show it. Members of both versions can be in one
// room, so each has the numbers of both.
type Person struct {
	UID    int64  // 2014's uid, below 10⁹ as a rule
	Serial uint32 // the last 8 hex digits of today's client_id
	Name   string // not escaped
}

// Target is the recipient of a message.
type Target struct {
	All    bool   // everybody
	UID    int64  // 2014's number, 0 if it is none
	Serial uint32 // today's number, 0 if the id is none of this server's
	ID     string // as the sender wrote it
	Name   string // today's to_client_name, if the sender gave one
}

// Dialect encodes the messages of one version. Its methods append a JSON text to b
// and return the extended slice. A method whose message the version does not have
// appends nothing.
type Dialect interface {
	// AppendList tells a newcomer who is in the room (2014).
	AppendList(b []byte, members []Person) []byte
	// AppendLogin tells that p joined or changed its name.
	AppendLogin(b []byte, p Person, at time.Time) []byte
	// AppendWelcome tells p of its own login and who is in the room (today).
	AppendWelcome(b []byte, p Person, members []Person, at time.Time) []byte
	// AppendSay is a message of p to everybody.
	AppendSay(b []byte, p Person, content string, at time.Time) []byte
	// AppendPrivate is a message of p to one member, as that one gets it.
	AppendPrivate(b []byte, p, to Person, content string, at time.Time) []byte
	// AppendEcho is a message of p to one member, as p gets it (today). target is
	// the recipient as p wrote it, to the member, or Person{} if there is none.
	AppendEcho(b []byte, p, to Person, target Target, content string, at time.Time) []byte
	// AppendLogout tells that p left.
	AppendLogout(b []byte, p Person, at time.Time) []byte
	// AppendPing asks whether the client is there (today).
	AppendPing(b []byte) []byte
}
