package annotate

import (
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// Reason says why an HTTP head does not lead to WebSocket: part of a sentence.
func Reason(r dissect.Reason) catalogue.Message { return texts.Message("reason." + r.String()) }

// request comments a request, and tells whether it asks for WebSocket.
func (a *Annotator) request(c *Comment, p *connection, h *dissect.Head) bool {
	key := h.Get("Sec-WebSocket-Key")
	p.asked, p.not = h.Asks(), h.NotUpgrade()
	if h.Upgrades() {
		c.say("request", "length", h.Size)
	} else {
		c.say("http.request", "line", quote(h.Line))
	}
	if h.Upgrades() && key != "" {
		said := "request.key"
		if !dissect.ValidKey(key) {
			said = "request.key.wrong"
		}
		c.say(said, "key", quote(key))
	}
	// A key that is none has been told.
	if p.asked && p.not != dissect.NoReason && (p.not != dissect.BadKey || dissect.ValidKey(key)) {
		c.say("request.not", "reason", Reason(p.not))
	}
	return h.Upgrades()
}

// response comments a response, and tells whether it grants WebSocket.
func (a *Annotator) response(c *Comment, p *connection, e *dissect.Event, h *dissect.Head) bool {
	not := h.NotUpgrade()
	if not == dissect.NoReason {
		c.say("response")
		accept := "accept.wrong"
		if h.AcceptOK {
			accept = "accept.right"
		} else if e.Conversation.Key == "" {
			accept = "accept.unknown"
		}
		c.say(accept, "accept", quote(h.Get("Sec-WebSocket-Accept")))
		return true
	}
	c.say("http.response", "line", quote(h.Line))
	switch {
	case !p.asked:
	case h.Interim():
		c.say("response.interim")
	case p.not != dissect.NoReason:
		c.say("response.not", "reason", Reason(p.not))
	default:
		c.say("response.not", "reason", Reason(not))
	}
	return false
}
