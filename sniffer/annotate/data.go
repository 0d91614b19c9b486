package annotate

import (
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/tcp"
)

// data comments what of a segment's data ends no unit.
func (a *Annotator) data(c *Comment, e *dissect.Event) {
	length := e.Segment.Length
	u, came, unfinished := e.Conversation.Unfinished(e.From)
	protocol := e.Conversation.Speaks(e.From)
	switch begins := tcp.Distance(e.RelSeq, u.Start) >= 0; {
	case unfinished && begins:
		c.say("data.begins", "opcode", opcodeName(u.Frame.Opcode), "length", u.Frame.Length, "came", came)
		c.lines = append(c.lines, Broken(&u.Frame)...)
	case len(e.Units) > 0: // they are what there is to say
	case unfinished:
		c.say("data.part", "opcode", opcodeName(u.Frame.Opcode), "length", u.Frame.Length, "came", came)
	case e.Conversation.Unframed(e.From):
		c.say("data.unframed", "length", length)
	case protocol == dissect.TLS:
		record(c, e.Segment)
	case protocol == dissect.HTTP && !e.Conversation.WebSocket && (e.From == dissect.Server || e.Conversation.Key == ""):
		c.say("data.http", "length", length)
	case protocol != dissect.UnknownProtocol && protocol != dissect.HTTP:
		c.say("data.other", "length", length, "protocol", protocol)
	default:
		c.say("data", "length", length)
	}
}

// record comments a segment of TLS.
func record(c *Comment, s *dissect.Segment) {
	r, ok := dissect.ReadRecord(s.Payload)
	switch {
	case ok && r.Hello != nil:
		c.say("tls.hello")
		if r.Hello.Name != "" {
			c.say("tls.hello.name", "name", quote(r.Hello.Name))
		}
		if len(r.Hello.Protocols) > 0 {
			c.say("tls.hello.protocols", "protocols", catalogue.List[string](layout.QuoteAll(r.Hello.Protocols, maxQuoted)))
		}
	case ok && r.Type == dissect.TLSHandshake:
		c.say("tls.handshake")
	case ok && r.Type == dissect.Alert && r.Length == 2:
		c.say("tls.alert", "code", r.Alert)
	case ok && r.Type == dissect.ApplicationData:
		c.say("tls.data", "length", s.Length)
	default: // a record that is not encrypted, or a part of one
		c.say("data.other", "length", s.Length, "protocol", dissect.TLS)
	}
}

// unfinished says of a segment that the other side's frame, or its own, has a length
// that does not fit: the one side answers, or the other ends, and bytes are due.
func (p *connection) unfinished(c *Comment, e *dissect.Event) {
	say := func(side dissect.Side, fits bool) {
		u, came, ok := e.Conversation.Unfinished(side)
		if !ok || p.told[side] == u.Start || fits && u.Frame.Fits == 0 || e.Conversation.Missing(side) > 0 {
			return
		}
		p.told[side] = u.Start
		key := "unfinished.end"
		if fits {
			key = "unfinished.answer"
		}
		c.say(key, "opcode", opcodeName(u.Frame.Opcode), "missing", u.Frame.Length-came, "length", u.Frame.Length, "came", came)
	}
	if e.Segment.Length > 0 {
		say(e.From.Other(), true)
	}
	if e.Segment.Flags&tcp.FIN != 0 {
		say(e.From, false)
	}
}
