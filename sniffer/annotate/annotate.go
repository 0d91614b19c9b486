// Package annotate says in one comment a packet what it is: the step of the
// chat's life that it belongs to, who sends what to whom, and the text behind a
// mask. The comment comes from what the packet is in its conversation, not from
// its place in a capture. Comments come in French, English and Chinese.
package annotate

import (
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// maxKnown bounds the connections that an Annotator remembers.
const maxKnown = 10000

// Annotator comments packets one after another. It learns names from the chat's
// own messages. The zero value is ready.
type Annotator struct {
	// Ack gives a segment's acknowledgement number as it stands beside the
	// comment. nil: as tcpdump prints it.
	Ack func(*dissect.Event) uint32

	connections map[*dissect.Conversation]*connection
	people      chat.People
}

// connection is what is known of one.
type connection struct {
	client chat.Person
	// steps are the steps of the units that are not acknowledged yet, by the
	// side that sent them and their end.
	steps map[unitKey]sentUnit
	// told is where the side's frame begins of which it was said that its length does
	// not fit.
	told [2]uint32
	// asked: the last request asked for WebSocket; not is why it is no handshake.
	asked bool
	not   dissect.Reason

	heartbeats Heartbeats
}

type unitKey struct {
	from dissect.Side
	end  uint32
}

type sentUnit struct {
	step Step
	what string // the catalogue's key of its name
}

// Add takes what the next packet means in its conversation and gives its comment.
func (a *Annotator) Add(e *dissect.Event) *Comment {
	if a.connections == nil || len(a.connections) > maxKnown {
		a.connections = map[*dissect.Conversation]*connection{}
	}
	p := a.connections[e.Conversation]
	if p == nil {
		p = &connection{steps: map[unitKey]sentUnit{}}
		a.connections[e.Conversation] = p
	}
	c := &Comment{Step: Other, Heartbeat: p.heartbeats.Only(e)}
	stepName := texts.Message("step.data")
	switch {
	case e.Kind == dissect.HandshakeSYN || e.Kind == dissect.HandshakeSYNACK || e.Kind == dissect.HandshakeACK:
		c.Step = Handshake
		stepName = handshakeStep(int(e.Kind - dissect.HandshakeSYN))
		a.handshake(c, e)
	case e.Kind == dissect.Retransmission && e.Segment.Flags&tcp.SYN != 0:
		stepName = handshakeStep(int(e.Segment.Flags & tcp.ACK / tcp.ACK))
		c.say("syn.again")
	default:
		if e.Withdrawn {
			c.say("guess.withdrawn")
		}
		if e.Lost > 0 {
			c.say("lost", "bytes", e.Lost)
		}
		for i := range e.Units {
			u := &e.Units[i]
			name := a.unit(c, p, e, u)
			if i == 0 || stepName.Key() == "step.data" {
				stepName = name
			}
		}
		if name, ok := a.rest(c, p, e); ok {
			stepName = name
		}
	}
	c.Client = p.client
	c.title = texts.Message("title", "step", stepName, "from", a.label(e, p, e.From), "to", a.label(e, p, e.From.Other()))
	return c
}

// label names a side: the server by its port, a client by its name too.
func (a *Annotator) label(e *dissect.Event, p *connection, s dissect.Side) catalogue.Message {
	port := e.Conversation.Addr(s).Port()
	switch {
	case s == dissect.Server:
		return texts.Message("server", "port", port)
	case p.client.Name != "":
		return texts.Message("client.named", "port", port, "name", quote(p.client.Name))
	}
	return texts.Message("client", "port", port)
}

func (a *Annotator) ack(e *dissect.Event) uint32 {
	if a.Ack != nil {
		return a.Ack(e)
	}
	return e.PrintedAck
}

// unit comments an HTTP head or a frame, and gives its step's name.
func (a *Annotator) unit(c *Comment, p *connection, e *dissect.Event, u *dissect.Unit) catalogue.Message {
	key := unitKey{u.From, u.End}
	var name, what string
	step := Other
	switch u.Kind {
	case dissect.RequestUnit:
		name, what = "step.http", "what.request"
		if a.request(c, p, u.HTTP) {
			name, step = "step.upgrade", Upgrade
		}
	case dissect.ResponseUnit:
		name, what = "step.http", "what.response"
		if a.response(c, p, e, u.HTTP) {
			name, step = "step.upgrade", Upgrade
		}
	case dissect.FrameUnit, dissect.BrokenUnit:
		step, name = a.frame(c, p, e, u)
		what = "what.frame"
		if step != Other {
			what = "what." + string(step)
		}
	}
	if c.Step == Other {
		c.Step = step
	}
	if len(p.steps) >= maxKnown {
		clear(p.steps)
	}
	p.steps[key] = sentUnit{step, what}
	return texts.Message(name)
}

// rest says what a segment does beyond what it carries. The name is that of
// the step if the segment carries nothing.
func (a *Annotator) rest(c *Comment, p *connection, e *dissect.Event) (name catalogue.Message, ok bool) {
	s := e.Segment
	switch e.Kind {
	case dissect.Retransmission:
		c.say("repeated")
	case dissect.OutOfOrder:
		if e.Late {
			c.say("late")
		} else {
			c.say("early")
		}
	case dissect.KeepAlive:
		c.say("keepalive")
		return texts.Message("step.ack"), true
	case dissect.WindowProbe:
		c.say("window.probe")
		return texts.Message("step.ack"), true
	case dissect.Plain:
		if s.Length > 0 {
			a.data(c, e)
		}
	}
	p.unfinished(c, e)
	var sent sentUnit
	for i := range e.Acked {
		key := unitKey{e.Acked[i].From, e.Acked[i].End}
		if u, known := p.steps[key]; known {
			sent = u
			delete(p.steps, key)
		}
	}
	ack := a.ack(e)
	closing := s.Flags&(tcp.FIN|tcp.RST) != 0
	switch {
	case s.Length > 0 && sent.what != "":
		c.say("ack.too", "what", texts.Message(sent.what), "ack", ack)
	case s.Length > 0 || closing || s.Flags&tcp.ACK == 0:
	case e.Kind == dissect.DuplicateACK:
		c.say("ack.again", "ack", ack)
	case sent.what != "":
		c.say("ack", "what", texts.Message(sent.what), "ack", ack)
		c.Step = sent.step
	default:
		c.say("ack.bytes", "ack", ack)
	}
	switch {
	case e.Shut:
		c.say("window.shut")
	case e.Opened:
		c.say("window.open")
	}
	if s.Flags&tcp.RST != 0 {
		if refuses(e) {
			c.say("rst.refused")
		} else {
			c.say("rst")
		}
	} else if s.Flags&tcp.FIN != 0 {
		c.say("fin")
	}
	switch {
	case closing && s.Length == 0:
		c.Step = Closing
		return texts.Message("step.close"), true
	case s.Length == 0:
		c.Ack = true
		return texts.Message("step.ack"), true
	}
	return catalogue.Message{}, false
}

// refuses tells whether a reset answers a SYN: RFC 9293 §3.5.2 gives it the
// number 0 and the acknowledgement of that SYN.
func refuses(e *dissect.Event) bool {
	s := e.Segment
	return e.From == dissect.Server && s.Flags&tcp.ACK != 0 && s.Seq == 0 && e.Conversation.Started && e.RelAck == 1
}
