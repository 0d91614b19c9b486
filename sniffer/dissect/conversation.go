// Package dissect follows TCP conversations through the HTTP upgrade into
// WebSocket frames. It survives loss, retransmission, reordering, overlap,
// packets cut short and captures begun too late, and keeps within bounded
// memory whatever it is given.
package dissect

import (
	"container/list"
	"net/netip"
)

// Side is one end of a conversation.
type Side uint8

// The sides. The client is who sent the first SYN; where no SYN was captured it
// is who does not have the tracker's ServerPort, else who sends an HTTP request
// or a masked frame, else who has the higher port.
const (
	Client Side = iota
	Server
)

// Other gives the opposite side.
func (s Side) Other() Side { return s ^ 1 }

// Conversation is one TCP connection as far as it was captured.
type Conversation struct {
	Number         int // from 0, in the order of their first packets
	Client, Server netip.AddrPort
	// Started is true when a SYN was captured: relative numbers then count from
	// the initial sequence numbers, else from the first bytes captured.
	Started bool
	// WebSocket is true from the end of the handshake on (RFC 6455 §4). Where the
	// handshake was not captured it is true as long as the bytes look like it.
	WebSocket bool
	// Key is the Sec-WebSocket-Key that the client sent, if it was captured.
	Key string

	streams [2]stream
	verdict verdict
	isn     [2]uint32
	based   [2]bool // isn is known
	printed printed
	scales  scales
	shook   bool // the client's first ACK was captured
	key     key
	place   *list.Element // in Tracker.used
}

// Addr gives the address and port of a side.
func (c *Conversation) Addr(s Side) netip.AddrPort {
	if s == Client {
		return c.Client
	}
	return c.Server
}

// Kind tells what a segment does to its conversation beyond what it carries.
type Kind uint8

// The kinds of segment.
const (
	Plain           Kind = iota // new data, or a new acknowledgement
	HandshakeSYN                // the client's SYN (RFC 9293 §3.5)
	HandshakeSYNACK             // the server's
	HandshakeACK                // the ACK that completes the handshake
	Retransmission              // all its data was captured before
	OutOfOrder                  // data before it is still missing, or behind it came before it
	KeepAlive                   // RFC 9293 §3.8.4: one byte or none before what is due
	WindowProbe                 // RFC 9293 §3.8.6.1: the same, the other side's window being 0
	DuplicateACK                // acknowledges nothing new and carries nothing
)

// Event is what one segment means in its conversation. It is valid until the
// tracker's next Add.
type Event struct {
	Segment      *Segment
	Conversation *Conversation
	From         Side
	Kind         Kind
	// RelSeq and RelAck count from the initial sequence numbers: the first byte
	// of data is number 1.
	RelSeq, RelAck uint32
	// PrintedSeq and PrintedAck are the numbers as tcpdump prints them. Where the
	// capture has no SYN that is something else: from the first segment on.
	PrintedSeq, PrintedAck uint32
	// Lost is the number of bytes before this segment's data that the capture
	// does not have and will not get.
	Lost uint32
	// Late tells that the segment brings bytes after all that an earlier event has
	// counted as lost.
	Late bool
	// Shut tells that this side takes no more bytes: its window is 0. Opened tells
	// that it was, and is no longer.
	Shut, Opened bool
	// Units are the HTTP heads and WebSocket frames that end in this segment.
	Units []Unit
	// Acked are units of the other side that this segment is the first to
	// acknowledge whole. Only the first bytes of their payloads are kept.
	Acked []Unit
	// Withdrawn tells that the conversation's frames so far were a guess, and that
	// this segment shows it to be wrong.
	Withdrawn bool
}

// UnitKind tells what a Unit is.
type UnitKind uint8

// The kinds of unit.
const (
	RequestUnit UnitKind = iota + 1
	ResponseUnit
	FrameUnit
	// BrokenUnit is a frame that breaks the rule in Frame.Broken. It is given only
	// where WebSocket was agreed on.
	BrokenUnit
)

// Unit is an HTTP head or a WebSocket frame.
type Unit struct {
	Kind UnitKind
	From Side
	// Relative sequence numbers: first byte, one after the last. Where the rule that
	// is broken ends the frames (Rule.Ends), a BrokenUnit is no more than its header.
	Start, End uint32
	HTTP       *Head // of a RequestUnit or a ResponseUnit
	Frame      Frame // of a FrameUnit or a BrokenUnit
	// Guess tells that a FrameUnit is taken for one by its form alone: no
	// handshake was captured.
	Guess bool
}

// IsFrame tells whether u is a WebSocket frame, whether it keeps to the rules or not.
func (u *Unit) IsFrame() bool { return u.Kind == FrameUnit || u.Kind == BrokenUnit }

// Frame is a WebSocket frame.
type Frame struct {
	FrameHeader
	Broken  Rule   // what a BrokenUnit breaks; of several rules the first
	Raw     []byte // the payload as it was on the wire, masked if Masked
	Payload []byte // unmasked
	// Cut is true when Payload is not the whole payload: bytes are missing from
	// the capture, or there are more than the tracker keeps.
	Cut bool
	// Message is the whole message that ends with this frame: Payload, or the
	// payloads of its fragments together (RFC 6455 §5.4). It is nil for a
	// control frame, for a frame that is not final or breaks a rule and for a message
	// cut short.
	Message []byte
	// MessageOpcode is Text or Binary when Message is not nil.
	MessageOpcode Opcode
	// Fits is a length of payload that would fit, where the length in the header
	// does not: with it the frame ends where a segment of its ends. It is told of a
	// frame that Conversation.Unfinished gives, with LengthTooLarge, and with NoHeader,
	// where it is that of the frame before. 0: nothing tells.
	Fits uint64
}

// CloseCode gives the status code and reason of a close frame (RFC 6455 §5.5.1). ok is
// false where it carries none, as with Length 0, or none was captured.
func (f *Frame) CloseCode() (code uint16, reason string, ok bool) {
	if len(f.Payload) < 2 {
		return 0, "", false
	}
	return uint16(f.Payload[0])<<8 | uint16(f.Payload[1]), string(f.Payload[2:]), true
}

// Compressed tells whether the payload is (RFC 7692): an extension that was agreed on
// uses RSV1.
func (f *Frame) Compressed() bool { return f.RSV&compressed != 0 && f.Broken != ReservedBits }

// Said gives the message that ends with f, or would if its receiver took a frame that
// breaks a rule. nil: none, or it cannot be read.
func (f *Frame) Said() []byte {
	switch {
	case f.Compressed():
		return nil
	case f.Message == nil && f.Broken != Unbroken && f.Fin && !f.Cut && !f.Opcode.Control():
		return f.Payload
	}
	return f.Message
}
