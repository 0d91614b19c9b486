// Package explain prints what tcpdump does not tell: a comment above each
// packet, the WebSocket frames below it, a packet as a JSON object, or what was
// said in one conversation.
package explain

import (
	"io"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcpdump"
)

// Mode says what is printed of a packet.
type Mode int

// The modes.
const (
	Text   Mode = iota // tcpdump's text, with comments or frames as Options say
	JSON               // one JSON object a packet, a line each
	Follow             // what one conversation's sides said to each other
)

// Options say what is printed.
type Options struct {
	Mode      Mode
	Comments  bool // the packet's comment above it (Text) or in it (JSON)
	WebSocket bool // the frames that end in it below it (Text)
	// Conversation is the number of the one to follow, from 0 in the order of
	// their first packets.
	Conversation int
	Block        Block
	Tcpdump      tcpdump.Options
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 64 << 10

// Printer prints packets, one after another. It is not safe for concurrent use.
type Printer struct {
	w             io.Writer
	o             Options
	buf           []byte
	text          *tcpdump.Printer
	segment       dissect.Segment // the present one
	tracker       dissect.Tracker
	annotator     annotate.Annotator
	number        int // of the packet, from 1
	conversations int
	turn          turn
	told          map[place]uint32 // where the unfinished frames begin that were printed
	unreadPrinted bool             // --follow: that a link type is not read
	err           error
}

// New returns a Printer that writes to w.
func New(w io.Writer, o Options) *Printer {
	p := &Printer{w: w, o: o}
	switch {
	case o.Mode == JSON:
		p.annotator.Ack = func(e *dissect.Event) uint32 { return e.RelAck }
	case o.Tcpdump.Absolute:
		p.annotator.Ack = func(e *dissect.Event) uint32 { return e.Segment.Ack }
	}
	options := o.Tcpdump
	// What stands around a packet's text must wait for it.
	options.LineBuffered = true
	p.text = tcpdump.NewPrinter((*appender)(p), options)
	return p
}

// appender is the end of a Printer that its packets' text goes to.
type appender Printer

func (a *appender) Write(b []byte) (int, error) {
	a.buf = append(a.buf, b...)
	return len(b), nil
}

// Print prints a packet. The text reaches the writer when enough has been
// gathered, at Flush, or at once with Tcpdump.LineBuffered.
func (p *Printer) Print(packet *capture.Packet) error {
	if p.err != nil {
		return p.err
	}
	p.number++
	var e *dissect.Event // of a TCP segment
	var c *annotate.Comment
	err := p.segment.Decode(packet)
	if err == nil {
		e = p.tracker.Add(&p.segment)
	}
	switch {
	case !p.o.Comments:
	case err == nil:
		c = p.annotator.Add(e)
	default:
		c = annotate.Undecoded(err)
	}
	switch p.o.Mode {
	case JSON:
		p.json(packet, e, err, c)
	case Follow:
		if e != nil {
			p.conversations = max(p.conversations, e.Conversation.Number+1)
			if e.Conversation.Number == p.o.Conversation {
				p.follow(e)
			}
		}
		p.unread(err)
	default:
		if c != nil {
			p.buf = append(p.buf, p.o.Block.Text(c)...)
		}
		if err := p.text.Print(packet); err != nil {
			p.err = err
			return err
		}
		if p.o.WebSocket && e != nil {
			p.frames(e)
		}
		if p.o.Comments {
			p.buf = append(p.buf, '\n')
		}
	}
	if len(p.buf) >= flushAt || p.o.Tcpdump.LineBuffered {
		return p.Flush()
	}
	return nil
}

// Conversations is how many there were so far, with Follow. The one to follow was
// not there yet if its number is no less.
func (p *Printer) Conversations() int { return p.conversations }

// Flush writes what has been gathered.
func (p *Printer) Flush() error {
	if p.err == nil && len(p.buf) > 0 {
		_, p.err = p.w.Write(p.buf)
		p.buf = p.buf[:0]
	}
	return p.err
}
