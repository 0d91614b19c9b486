package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Packet is a packet as a viewer gets it, but for its number in a wire. The page
// dissects the bytes itself. The other fields depend on the packets before: relative
// numbers, what the segment is in its conversation, frames across segments, the comment.
type Packet struct {
	Time      string `json:"time"` // seconds since 1970, with 9 decimals
	Interface string `json:"interface,omitempty"`
	LinkType  uint32 `json:"link"`
	Length    int    `json:"length"` // on the wire, in bytes
	Data      []byte `json:"data"`   // as captured, from the link layer on (base64)
	// Offsets in Data of the network header, the TCP header and the payload.
	Offsets      [3]int `json:"offsets"`
	Conversation int    `json:"conversation"` // number, from 0
	Client       string `json:"client"`       // address:port
	Server       string `json:"server"`
	FromClient   bool   `json:"fromClient"`
	Flags        string `json:"flags"` // as tcpdump prints them
	Seq          uint32 `json:"seq"`   // relative, but for a SYN
	Ack          uint32 `json:"ack"`   // relative
	Payload      int    `json:"payload"`
	// Started tells that Seq and Ack count from a SYN, not from the first segment
	// captured.
	Started bool `json:"started"`
	// Scale is the shift count of the window (RFC 7323 §2.2), -1 where no scaling was
	// agreed on, and missing where that is not known.
	Scale *int   `json:"scale,omitempty"`
	Kind  string `json:"kind"` // one of kinds
	Units []unit `json:"units,omitempty"`
	// Name and ID are the client's, as far as its messages have told. A page knows its
	// own conversation by the ID.
	Name string `json:"name,omitempty"`
	ID   string `json:"id,omitempty"`

	Step annotate.Step `json:"step"`
	// Heartbeat tells that the packet belongs to heartbeats alone (annotate.Heartbeats):
	// the page folds these.
	Heartbeat bool     `json:"heartbeat,omitempty"`
	Title     string   `json:"title"`
	Lines     []string `json:"lines"`

	comment    *annotate.Comment
	encodeOnce [3]sync.Once
	encoded    [3][]byte // as JSON, by the language's place in catalogue.Langs
}

// unit is an HTTP head or a WebSocket frame that ends in the packet.
type unit struct {
	Kind string `json:"kind"` // request, response, frame, or noframe: bytes that can be none
	// At is where it begins in Data, or -1 if it began in an earlier packet.
	At int `json:"at"`
	// Head and Raw are a frame's header and payload as they were on the wire,
	// where the packet does not have them whole. Raw ends at maxRaw bytes.
	Head []byte `json:"head,omitempty"`
	Raw  []byte `json:"raw,omitempty"`
	// Size is its length in bytes, header included.
	Size uint64 `json:"size"`
	// Guess tells that it is taken for a frame by its form alone, as the handshake was
	// not captured.
	Guess bool `json:"guess,omitempty"`
	// Section is that of RFC 6455 with the rule that the frame breaks.
	Section string `json:"section,omitempty"`
	// AcceptOK tells for a 101 response that its Sec-WebSocket-Accept is right.
	AcceptOK bool `json:"acceptOK,omitempty"`
}

const maxRaw = 16 << 10

var kinds = [...]string{
	dissect.Plain: "plain", dissect.HandshakeSYN: "syn", dissect.HandshakeSYNACK: "synack", dissect.HandshakeACK: "ack",
	dissect.Retransmission: "retransmission", dissect.OutOfOrder: "outoforder", dissect.KeepAlive: "keepalive", dissect.WindowProbe: "windowprobe", dissect.DuplicateACK: "duplicateack",
}

// Describe gives what viewers are shown of an event. It keeps nothing of e.
func Describe(e *dissect.Event, comment *annotate.Comment) *Packet {
	s, p := e.Segment, e.Segment.Packet
	item := &Packet{
		Time:      fmt.Sprintf("%d.%09d", p.Time.Unix(), p.Time.Nanosecond()),
		Interface: p.Interface, LinkType: uint32(p.LinkType), Length: p.Length,
		Data: slices.Clone(p.Data), Offsets: [3]int{s.Network, s.Transport, s.Data},
		Conversation: e.Conversation.Number, FromClient: e.From == dissect.Client,
		Client: e.Conversation.Client.String(), Server: e.Conversation.Server.String(),
		Flags: s.Flags.String(), Seq: e.RelSeq, Ack: e.RelAck, Payload: s.Length, Kind: kinds[e.Kind],
		Started: e.Conversation.Started, Name: comment.Client.Name, ID: comment.Client.ID, Step: comment.Step, Heartbeat: comment.Heartbeat, comment: comment,
	}
	if s.Flags&tcp.SYN != 0 {
		item.Seq = s.Seq
	}
	switch scaling, shift := e.Conversation.Scaling(e.From); scaling {
	case dissect.Unscaled:
		item.Scale = new(-1)
	case dissect.Scaled:
		item.Scale = new(int(shift))
	}
	for i := range e.Units {
		item.Units = append(item.Units, describeUnit(e, &e.Units[i]))
	}
	return item
}

func describeUnit(e *dissect.Event, u *dissect.Unit) unit {
	d := unit{At: -1}
	behind := tcp.Distance(e.RelSeq, u.Start)
	if e.Segment.Flags&tcp.SYN != 0 {
		behind-- // the SYN has a number of its own
	}
	here := u.From == e.From && behind >= 0 && behind < e.Segment.Length
	if here {
		d.At = e.Segment.Data + behind
	}
	switch u.Kind {
	case dissect.RequestUnit:
		d.Kind, d.Size = "request", uint64(u.HTTP.Size)
	case dissect.ResponseUnit:
		d.Kind, d.Size, d.AcceptOK = "response", uint64(u.HTTP.Size), u.HTTP.AcceptOK
	case dissect.FrameUnit, dissect.BrokenUnit:
		f := &u.Frame
		d.Kind, d.Size, d.Guess, d.Section = "frame", uint64(f.Size)+f.Length, u.Guess, f.Broken.Section()
		if f.Broken == dissect.NoHeader {
			d.Kind = "noframe"
		}
		if f.Broken.Ends() {
			d.Size = uint64(f.Size)
		}
		if !here {
			d.Head = f.FrameHeader.Append(nil)
			d.Raw = slices.Clone(f.Raw[:min(len(f.Raw), maxRaw)])
		}
	}
	return d
}

// encode returns the packet as JSON with its comment in lang and its number in a wire,
// "n". All but the number is encoded once for each language, whoever asks.
func (p *Packet) encode(number int64, lang catalogue.Lang) json.RawMessage {
	i := max(0, slices.Index(catalogue.Langs, lang))
	p.encodeOnce[i].Do(func() {
		told := struct {
			*Packet
			Title string   `json:"title"`
			Lines []string `json:"lines"`
		}{p, p.comment.Title(lang), p.comment.Lines(lang)}
		p.encoded[i], _ = json.Marshal(told)
	})
	numbered := strconv.AppendInt([]byte(`{"n":`), number, 10)
	return append(append(numbered, ','), p.encoded[i][1:]...)
}

// size is about what the packet takes in memory, in bytes, encoded in every language.
func (p *Packet) size() int {
	n := 4000 + len(p.Data)*5
	for i := range p.Units {
		n += len(p.Units[i].Raw) * 5
	}
	return n
}
