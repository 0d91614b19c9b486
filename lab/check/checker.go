package check

import (
	"io"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// The documented task.
const (
	DefaultNick    = "mynick"
	DefaultMessage = "hi,  all !"
)

// Options say what a capture is to show.
type Options struct {
	// Nick is the nickname that is to be taken, Message what is to be said; empty
	// ones are the documented ones. In a message, any run of blanks is as good as
	// one: pages that show two as one have misled before.
	Nick, Message string
}

// Checker holds packets against the scenario as they come. It is not safe for
// concurrent use.
type Checker struct {
	o       Options
	total   int
	tracker dissect.Tracker
}

// New returns a Checker that has seen no packet yet.
func New(o Options) *Checker {
	if o.Nick == "" {
		o.Nick = DefaultNick
	}
	if o.Message == "" {
		o.Message = DefaultMessage
	}
	return &Checker{o: o, tracker: dissect.Tracker{ServerPort: scenario.ServerPort}}
}

// Add takes the next packet and keeps nothing of p.
func (c *Checker) Add(p *capture.Packet) {
	c.total++
	c.tracker.Add(p)
}

// Report says what the packets so far show. It may be called after each of
// them: what it costs does not grow with the noise around the conversation.
func (c *Checker) Report() *Report {
	r := &Report{Nick: c.o.Nick, Message: c.o.Message, Total: c.total}
	for _, id := range StepIDs {
		r.Steps = append(r.Steps, Step{ID: id, Status: Missing})
	}
	return r
}

// Read holds all packets of source against the scenario. At an error the report
// is of what came before it.
func Read(source capture.Source, o Options) (*Report, error) {
	c := New(o)
	var p capture.Packet
	for {
		switch err := source.Read(&p); err {
		case nil:
			c.Add(&p)
		case io.EOF:
			return c.Report(), nil
		default:
			return c.Report(), err
		}
	}
}
