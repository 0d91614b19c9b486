package check

import (
	"net/netip"

	"chatlab/sniffer/catalogue"
)

// StepID names a step of the scenario.
type StepID string

// The steps, in the order in which the scenario goes through them.
const (
	TCPHandshake   StepID = "tcp-handshake"
	Upgrade        StepID = "upgrade"
	Login          StepID = "login"
	Members        StepID = "members"
	LoginBroadcast StepID = "login-broadcast"
	Say            StepID = "say"
	SayBroadcast   StepID = "say-broadcast"
)

// StepIDs are all steps, in their order.
var StepIDs = []StepID{TCPHandshake, Upgrade, Login, Members, LoginBroadcast, Say, SayBroadcast}

// Title names the step for a reader.
func (id StepID) Title(lang catalogue.Lang) string {
	return texts.Message("step." + string(id)).In(lang)
}

// Status tells what became of a step.
type Status string

// The statuses of a step.
const (
	Found     Status = "found"
	Different Status = "different" // it took place, but not as expected
	Missing   Status = "missing"   // the capture does not show it
)

// Title names the status for a reader.
func (s Status) Title(lang catalogue.Lang) string {
	return texts.Message("status." + string(s)).In(lang)
}

// Step is what a capture shows of one step.
type Step struct {
	ID     StepID
	Status Status
	// Packets are the numbers in the capture, from 1, of those that show it.
	Packets []int
	// Expected is what the step is to be; Got what the capture has instead or,
	// when it was found, what it has; Hint what probably went wrong and how to do
	// it again, empty when there is nothing to do.
	Expected, Got, Hint catalogue.Message
	// Notes are what is worth knowing of a step though it is as it should be.
	Notes []catalogue.Message
}

// Kind is what a packet of the conversation is beside the documented ones.
type Kind string

// The kinds of packet.
const (
	Match   Kind = "match"     // as documented
	Allowed Kind = "allowed"   // not as documented, but as TCP or the chat may have it
	Wrong   Kind = "different" // it carries a step that is not as expected
	Noise   Kind = "noise"     // no part of the scenario
)

// Title names the kind for a reader.
func (k Kind) Title(lang catalogue.Lang) string { return texts.Message("kind." + string(k)).In(lang) }

// Verdict is what one packet of the conversation is, and why.
type Verdict struct {
	Packet int // its number in the capture, from 1
	Kind   Kind
	// Step is the step that the packet carries or acknowledges, or empty.
	Step StepID
	// Documented is the number of its counterpart in the documented capture, 1
	// to 19, or 0 if it has none.
	Documented int
	// Reason says why the packet is what it is.
	Reason catalogue.Message
}

// Noises says how many packets are outside the conversation for one reason.
type Noises struct {
	Reason  catalogue.Message
	Packets int
}

// Report is a capture held against the scenario.
type Report struct {
	OK            bool // every step was found
	Nick, Message string
	Total         int // packets in the capture
	// Talk tells whether there is a conversation to speak of; Client and Server
	// are its ends.
	Talk           bool
	Client, Server netip.AddrPort
	// Dialect is the chat's, as far as it was seen.
	Dialect Dialect
	// Taken is the nickname that was taken in the conversation, Said what was said
	// last or as expected; empty where that was not captured.
	Taken, Said string
	// Attempts is the number of conversations in which the nickname was taken; the
	// best is reported.
	Attempts int
	Steps    []Step              // all seven, in their order
	Packets  []Verdict           // of the conversation, and of others' copies of what was broadcast
	Noise    []Noises            // the rest of the capture
	Notes    []catalogue.Message // what is worth knowing of the capture as a whole
	// Fault tells why the file was not read to its end, and Ends says it: it is the
	// first of the notes. Empty if it was.
	Fault Fault
	Ends  catalogue.Message
}

// Step gives the step of that name.
func (r *Report) Step(id StepID) *Step {
	for i := range r.Steps {
		if r.Steps[i].ID == id {
			return &r.Steps[i]
		}
	}
	return nil
}

// Dialect is one of the chat's two wire formats.
type Dialect string

// The dialects. The zero value says that none was seen.
const (
	V2014 Dialect = "2014"
	Today Dialect = "today"
)

func say(key string, args ...any) catalogue.Message { return texts.Message(key, args...) }
