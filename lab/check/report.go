package check

import (
	"net/netip"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
)

// Report is a capture held against the scenario.
type Report struct {
	Nick, Message string
	Total         int // packets in the capture
	// Client and Server are the ends of the conversation that counts; they are not
	// valid where there is none.
	Client, Server netip.AddrPort
	// Dialect is the chat's, as far as it was captured.
	Dialect chat.Dialect
	// Taken is the nickname that was taken in the conversation, Said what was said
	// last or as expected; empty where that was not captured.
	Taken, Said string
	// Attempts is the number of conversations in which the nickname was taken; the
	// best is reported.
	Attempts int
	Steps    []steps.Step // in the order of the scenario's
	// Alone: nobody else was in the room when the message was passed on, or last.
	Alone bool
	// Advice is what probably went wrong and how to do it again: one thing, the
	// likeliest. It is zero where every step was found.
	Advice  catalogue.Message
	Packets []Packet            // of the conversation, and of others' copies of what was broadcast
	Noise   []Noise             // the rest of the capture
	Notes   []catalogue.Message // what is worth knowing of the capture as a whole
	// Fault tells why the file was not read to its end, and Ends says it: it is the
	// first of the notes. Empty if it was.
	Fault evidence.Fault
	Ends  catalogue.Message
}

// Unread says why nothing of the capture can be read, and what to do: its link
// type is not read here, or it is encrypted. It is zero where neither is so.
func (r *Report) Unread() catalogue.Message {
	switch r.Advice.Key() {
	case "hint.linktype", "hint.encrypted":
		return r.Advice
	}
	return catalogue.Message{}
}

// Found gives how many of the steps were found.
func (r *Report) Found() (n int) {
	for i := range r.Steps {
		if r.Steps[i].Status == steps.Found {
			n++
		}
	}
	return n
}

// OK tells whether every step was found.
func (r *Report) OK() bool { return r.Found() == len(r.Steps) }
