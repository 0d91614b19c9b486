// Package dialect knows the two wire formats of the chat, that of August 2014
// and today's: what a client's message says, and how what happens is told to a
// client. Text passes PHP's escapes, as in the original (see AppendHTML and
// AppendJSON). It knows neither sockets nor rooms.
package dialect

import "time"

// Version is which of the two formats.
type Version uint8

// The versions. A client shows its own with its first login: "name" is 2014's,
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

// Person is a member as messages show it. Both versions' members hear of each
// other, so each has what either version knows it by.
type Person struct {
	UID    int64  // 2014's uid, below 10⁹ as a rule
	Serial uint32 // the last 8 hex digits of today's client_id
	Name   string // not escaped
}

// Target is whom a message is said to.
type Target struct {
	All    bool   // everybody
	UID    int64  // 2014's number, 0 if it is none
	Serial uint32 // today's number, 0 if the id is none of this server's
	ID     string // as the client wrote it
	Name   string // today's to_client_name, if the client gave one
}

// Dialect writes messages of one version. Its methods append to b a JSON text
// and return the extended slice; nothing is written by those whose message the
// version does not have.
type Dialect interface {
	Version() Version
	// AppendList tells a newcomer who is here (2014).
	AppendList(b []byte, everybody []Person) []byte
	// AppendLogin tells that p came or took another name.
	AppendLogin(b []byte, p Person, at time.Time) []byte
	// AppendWelcome tells p of its own login and who is here (today).
	AppendWelcome(b []byte, p Person, everybody []Person, at time.Time) []byte
	// AppendSay tells everybody what p said to everybody.
	AppendSay(b []byte, p Person, content string, at time.Time) []byte
	// AppendPrivate tells "to" what p said to it alone.
	AppendPrivate(b []byte, p, to Person, content string, at time.Time) []byte
	// AppendEcho tells p what it said itself to one member, who may be nobody
	// (Serial 0), as the target was written (today).
	AppendEcho(b []byte, p, to Person, target Target, content string, at time.Time) []byte
	// AppendLogout tells that p left.
	AppendLogout(b []byte, p Person, at time.Time) []byte
	// AppendPing asks whether the client is there (today).
	AppendPing(b []byte) []byte
}
