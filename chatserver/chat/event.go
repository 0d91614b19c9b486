package chat

import "time"

// Kind says what an Event tells.
type Kind uint8

// The events a member can hear of.
const (
	List    Kind = iota // who is here: to a newcomer of 2014, before its own Login
	Login               // somebody came, or took another name
	Welcome             // Login with who is here: to a newcomer of today
	Say                 // somebody says something to everybody
	Private             // somebody says something to the one who hears it
	Echo                // the speaker's own copy of a Private
	Logout              // somebody left
)

// Person is what others know of a member.
type Person struct {
	// UID is the number the version of 2014 knows a member by. It is made of
	// the server's clock, see Hub.Person.
	UID int64
	// Serial is the running number in today's client_id, from 1 up; 0 is nobody.
	Serial uint32
	// Name is the name as it was given, not escaped.
	Name string
}

// Event is something that members hear of.
type Event struct {
	Kind Kind
	At   time.Time
	// From is who came, left or speaks.
	From Person
	// To is who is spoken to (Private and Echo); its Serial is 0 if nobody has
	// the id that was asked for.
	To Person
	// Target is whom the speaker asked for, as the speaker wrote it.
	Target Target
	// Content is what is said, not escaped.
	Content string
	// Everybody is who is in the room (List and Welcome), in the order they are
	// to be shown. It is valid during Deliver only.
	Everybody []Person
}

// Target is whom a message is for.
type Target struct {
	// All means everybody in the speaker's room; the rest is then not read.
	All bool
	// UID is looked at if it is not 0, else Serial. If both are 0, or nobody has
	// that number, the message is for nobody.
	UID    int64
	Serial uint32
	// ID and Name are the speaker's own words for whom it means.
	ID, Name string
}
