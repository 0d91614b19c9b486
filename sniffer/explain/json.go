package explain

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// object is a packet as --json prints it. Numbers are as in the packet's
// headers; relative_seq and relative_ack count from the initial ones.
type object struct {
	Number       int            `json:"number"`
	Time         time.Time      `json:"time"`
	Interface    string         `json:"interface,omitempty"`
	LinkType     uint32         `json:"link_type"`
	Length       int            `json:"length"`
	Captured     int            `json:"captured"`
	Undecoded    string         `json:"undecoded,omitempty"` // why there is nothing of TCP
	Conversation *int           `json:"conversation,omitempty"`
	Src          string         `json:"src,omitempty"`
	Dst          string         `json:"dst,omitempty"`
	TCP          *tcpObject     `json:"tcp,omitempty"`
	HTTP         []headObject   `json:"http,omitempty"`
	Frames       []frameObject  `json:"websocket,omitempty"`
	Withdrawn    bool           `json:"guess_withdrawn,omitempty"` // the frames before were none
	Comment      *commentObject `json:"comment,omitempty"`
}

type tcpObject struct {
	Flags       string `json:"flags"`
	Seq         uint32 `json:"seq"`
	Ack         uint32 `json:"ack"`
	RelativeSeq uint32 `json:"relative_seq"`
	RelativeAck uint32 `json:"relative_ack"`
	Window      uint16 `json:"window"`
	Length      int    `json:"payload_length"`
	Options     string `json:"options,omitempty"` // hexadecimal
	Lost        uint32 `json:"lost,omitempty"`    // bytes before these that are not in the capture
	Late        bool   `json:"late,omitempty"`    // an earlier packet's lost counted these
}

type headObject struct {
	From   string      `json:"from"`
	Line   string      `json:"line"`
	Fields [][2]string `json:"fields"`
}

type frameObject struct {
	From    string  `json:"from"`
	Fin     bool    `json:"fin"`
	RSV     uint8   `json:"rsv,omitempty"`
	Opcode  string  `json:"opcode"`
	Length  uint64  `json:"length"`
	Key     string  `json:"masking_key,omitempty"` // hexadecimal
	Seq     uint32  `json:"relative_seq"`
	End     uint32  `json:"relative_end"`
	Cut     bool    `json:"cut,omitempty"`
	Guess   bool    `json:"guess,omitempty"`   // no handshake was captured: by its form alone
	Text    *string `json:"text,omitempty"`    // the unmasked payload of a text frame
	Payload string  `json:"payload,omitempty"` // of another: hexadecimal
	Message *string `json:"message,omitempty"` // whole, at the end of a fragmented one
	Code    uint16  `json:"close_code,omitempty"`
	Broken  string  `json:"broken,omitempty"`  // the rule of RFC 6455 that the frame breaks
	Section string  `json:"section,omitempty"` // of RFC 6455, that the rule stands in
	// Unfinished: the other side goes on as if no more of the frame were due.
	Unfinished bool   `json:"unfinished,omitempty"`
	Fits       uint64 `json:"fits,omitempty"` // a length that would, of this frame or, with no-header, the one before
}

type commentObject struct {
	Step  string   `json:"step"`
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

var sides = [2]string{"client", "server"}

// json prints a packet as one object. undecoded is why it is no TCP segment.
func (p *Printer) json(packet *capture.Packet, e *dissect.Event, undecoded error, c *annotate.Comment) {
	o := object{
		Number: p.number, Time: packet.Time, Interface: packet.Interface,
		LinkType: uint32(packet.LinkType), Length: packet.Length, Captured: len(packet.Data),
	}
	if p.o.Tcpdump.Location != nil {
		o.Time = o.Time.In(p.o.Tcpdump.Location)
	}
	if e != nil {
		s := e.Segment
		o.Conversation = &e.Conversation.Number
		o.Src, o.Dst = s.Src.String(), s.Dst.String()
		o.TCP = &tcpObject{
			Flags: s.Flags.String(), Seq: s.Seq, Ack: s.Ack, RelativeSeq: e.RelSeq, RelativeAck: e.RelAck,
			Window: s.Window, Length: s.Length, Options: hex.EncodeToString(s.Options), Lost: e.Lost, Late: e.Late,
		}
		o.Withdrawn = e.Withdrawn
		for _, u := range p.unfinished(e) {
			f := frameOf(u)
			f.Unfinished = true
			o.Frames = append(o.Frames, f)
		}
		for i := range e.Units {
			u := &e.Units[i]
			if u.IsFrame() {
				o.Frames = append(o.Frames, frameOf(u))
			} else {
				o.HTTP = append(o.HTTP, headOf(u))
			}
		}
	}
	if undecoded != nil {
		o.Undecoded = undecoded.Error()
	}
	if c != nil {
		o.Comment = &commentObject{string(c.Step), c.Title(p.o.Block.Lang), c.Lines(p.o.Block.Lang)}
	}
	line, err := json.Marshal(&o)
	if err != nil {
		p.err = err // a year above 9999: time.Time says so
		return
	}
	p.buf = append(append(p.buf, line...), '\n')
}

func headOf(u *dissect.Unit) headObject {
	h := headObject{From: sides[u.From], Line: u.HTTP.Line, Fields: [][2]string{}}
	for _, f := range u.HTTP.Fields {
		h.Fields = append(h.Fields, [2]string{f.Name, f.Value})
	}
	return h
}

func frameOf(u *dissect.Unit) frameObject {
	f := &u.Frame
	o := frameObject{
		From: sides[u.From], Fin: f.Fin, RSV: f.RSV, Opcode: f.Opcode.String(), Length: f.Length,
		Seq: u.Start, End: u.End, Cut: f.Cut, Guess: u.Guess,
		Broken: f.Broken.String(), Section: f.Broken.Section(), Fits: f.Fits,
	}
	if f.Masked {
		o.Key = hex.EncodeToString(f.Key[:])
	}
	text := string(f.Payload)
	switch {
	case f.Opcode == dissect.Close:
		o.Code, text, _ = f.CloseCode() // without one the field is left out
		o.Text = &text
	case f.Opcode == dissect.Text && f.RSV == 0:
		o.Text = &text
	default:
		o.Payload = hex.EncodeToString(f.Payload)
	}
	if f.Opcode == dissect.Continuation && f.Message != nil {
		message := string(f.Message)
		o.Message = &message
	}
	return o
}
