package chat

import "time"

// Kind says what an Event tells.
type Kind uint8

// The events a member can get.
const (
	List    Kind = iota // who is here: to a newcomer of 2014, before its own Login
	Login               // somebody came, or took another name
	Welcome             // Login with who is here: to a newcomer of today
	Say                 // a message to everybody in the room
	Private             // a message to the one who gets it
	Echo                // the sender's own copy of a Private
	Logout              // somebody left
	Refused             // to the sender: a message was not delivered
)

// Refusal is why a message is not delivered.
type Refusal string

// What may keep a message from being delivered.
const (
	Granted Refusal = ""       // nothing does
	Paused  Refusal = "paused" // nobody's messages are delivered
	Muted   Refusal = "muted"  // this member's are not
)

// Person is what others know of a member.
type Person struct {
	// UID is the number that the version of 2014 knows a member by. It comes from
	// the server's clock: see the function UID.
	UID int64
	// Serial is the running number in today's client_id, from 1 up; 0 is nobody.
	Serial uint32
	// Name is the name as it was given, not escaped.
	Name string
}

// Event is something that members are told.
type Event struct {
	Kind Kind
	At   time.Time
	// From is who came, left or sent the message.
	From Person
	// To is the recipient (Private and Echo). Its Serial is 0 if nobody has the id
	// that was asked for.
	To Person
	// Target is the recipient as the sender wrote it.
	Target Target
	// Why is why the message was not delivered (Refused).
	Why Refusal
	// Content is the text of the message, not escaped.
	Content string
	// Members are those in the room (List and Welcome), in the order in which they
	// are to be shown. The slice is valid during Broadcast only.
	Members []Person
}

// Target is whom a message is for.
type Target struct {
	// All means everybody in the sender's room. The other fields are then ignored.
	All bool
	// UID counts if it is not 0, else Serial. If both are 0, or nobody has
	// that number, the message is for nobody.
	UID    int64
	Serial uint32
	// ID and Name are what the sender wrote.
	ID, Name string
}
