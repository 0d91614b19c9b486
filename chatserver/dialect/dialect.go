// Package dialect knows the two wire formats of the chat, that of August 2014 and
// today's. It parses the messages of clients and encodes those to them. Text is
// escaped as PHP does it, as in the original (see AppendHTML and AppendJSON). It
// knows no sockets.
package dialect

import (
	"time"

	"chatlab/chatserver/chat"
)

// Dialect encodes the messages of one version. Its methods append a JSON text to b
// and return the extended slice. A method whose message the version does not have
// appends nothing.
type Dialect interface {
	// AppendList tells a newcomer who is in the room (2014).
	AppendList(b []byte, members []chat.Person) []byte
	// AppendLogin tells that p joined or changed its name.
	AppendLogin(b []byte, p chat.Person, at time.Time) []byte
	// AppendWelcome tells p of its own login and who is in the room (today).
	AppendWelcome(b []byte, p chat.Person, members []chat.Person, at time.Time) []byte
	// AppendSay is a message of p to everybody.
	AppendSay(b []byte, p chat.Person, content string, at time.Time) []byte
	// AppendPrivate is a message of p to one member, as that one gets it.
	AppendPrivate(b []byte, p, to chat.Person, content string, at time.Time) []byte
	// AppendEcho is a message of p to one member, as p gets it (today). target is
	// the recipient as p wrote it, to the member, or Person{} if there is none.
	AppendEcho(b []byte, p, to chat.Person, target chat.Target, content string, at time.Time) []byte
	// AppendLogout tells that p left.
	AppendLogout(b []byte, p chat.Person, at time.Time) []byte
	// AppendPing asks whether the client is there (today).
	AppendPing(b []byte) []byte
}
