// Package dialect knows the two wire formats of the chat, that of August 2014 and
// today's. It parses the messages of clients and encodes those to them. Text is
// escaped as PHP does it, as in the original (see AppendHTML and AppendJSON). It
// knows no sockets.
package dialect

import "chatlab/chatserver/chat"

// Dialect encodes the messages of one version. Its methods append a JSON text to b
// and return the extended slice. Where the version has no such message they append
// nothing.
type Dialect interface {
	// Append tells of an event.
	Append(b []byte, ev *chat.Event) []byte
	// AppendPing asks whether the client is there (today).
	AppendPing(b []byte) []byte
}
