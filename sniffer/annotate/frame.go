package annotate

import (
	"fmt"
	"unicode/utf8"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

// Rule says what a rule of RFC 6455 demands that a frame breaks: part of a sentence.
func Rule(r dissect.Rule) catalogue.Message { return texts.Message("rule." + r.String()) }

// Broken says which rule a frame breaks, and what comes of it: nothing if it breaks
// none.
func Broken(f *dissect.Frame) (said []catalogue.Message) {
	if f.Broken == dissect.Unbroken {
		return nil
	}
	say := func(key string, args ...any) { said = append(said, texts.Message(key, args...)) }
	say("broken", "section", f.Broken.Section(), "rule", Rule(f.Broken))
	switch {
	case f.Fits > 0 && f.Broken == dissect.NoHeader:
		say("broken.fits.before", "fits", f.Fits)
	case f.Fits > 0:
		say("broken.fits", "fits", f.Fits)
	}
	if f.Broken.Ends() {
		say("broken.unframed")
	}
	return said
}

// frame comments a WebSocket frame and the chat message in it.
func (a *Annotator) frame(c *Comment, p *connection, e *dissect.Event, u *dissect.Unit) (Step, string) {
	f := &u.Frame
	step, name := Other, "step.frame"
	var m chat.Message
	isMessage := false
	if text := f.Said(); text != nil {
		m, isMessage = chat.Parse(text)
	}
	if isMessage {
		before := len(c.lines)
		if u.From == dissect.Client {
			step = a.fromClient(c, p, &m)
		} else {
			step = a.fromServer(c, p, e, &m)
		}
		if isMessage = len(c.lines) > before; isMessage {
			name = "step." + string(step)
		}
	}
	switch key := fmt.Sprintf("% x", f.Key[:]); {
	case f.Broken == dissect.NoHeader:
		c.say("frame.none", "bytes", fmt.Sprintf("% x", f.Append(nil)))
	case f.Masked && u.From == dissect.Client:
		c.say("frame.masked", "opcode", opcodeName(f.Opcode), "length", f.Length, "key", key)
	case f.Masked || u.From == dissect.Client:
		c.say("frame.bare", "opcode", opcodeName(f.Opcode), "length", f.Length)
	default:
		c.say("frame.plain", "opcode", opcodeName(f.Opcode), "length", f.Length)
	}
	if c.lines = append(c.lines, Broken(f)...); f.Broken.Ends() {
		return step, name
	}
	if u.Guess {
		c.say("frame.guess")
	}
	switch {
	case f.Compressed():
		c.say("frame.compressed")
		return step, name
	case f.Opcode == dissect.Close:
		switch code, reason, ok := f.CloseCode(); {
		case ok:
			c.say("close", "code", code, "reason", quote(reason))
		case f.Length == 0:
			c.say("close.none")
		case f.Cut:
			c.say("frame.cut")
		}
		return Closing, "step.close"
	case f.Opcode.Control(), f.Broken == dissect.StrayContinuation: // neither can be
	case !f.Fin:
		c.say("frame.part")
	case f.Opcode == dissect.Continuation:
		c.say("frame.end")
	}
	if f.Cut {
		c.say("frame.cut")
	}
	content := f.Payload
	if f.Message != nil {
		content = f.Message
	}
	if len(content) > 0 && (f.Masked || !isMessage) {
		key := "text"
		if f.Masked {
			key = "unmasked"
		}
		c.say(key, "text", readable(content))
	}
	if f.Masked && hasBareCR(f.Raw) {
		c.say("cr")
	}
	return step, name
}

func opcodeName(o dissect.Opcode) catalogue.Message {
	switch o {
	case dissect.Continuation, dissect.Text, dissect.Binary, dissect.Close, dissect.Ping, dissect.Pong:
		return texts.Message("opcode." + o.String())
	}
	return texts.Message("opcode.reserved")
}

// readable gives a payload as text, or as hexadecimal if it is none.
func readable(b []byte) string {
	if utf8.Valid(b) {
		return quote(string(b))
	}
	if len(b) > 32 {
		return fmt.Sprintf("% x …", b[:32])
	}
	return fmt.Sprintf("% x", b)
}

// hasBareCR tells whether a carriage return stands in b without a line feed
// behind it.
func hasBareCR(b []byte) bool {
	for i, c := range b {
		if c == '\r' && (i+1 == len(b) || b[i+1] != '\n') {
			return true
		}
	}
	return false
}

// fromClient comments a chat message of a browser.
func (a *Annotator) fromClient(c *Comment, p *connection, m *chat.Message) Step {
	a.people.Sent(&p.client, m)
	switch m.Type {
	case chat.Login:
		c.say("login", "name", quote(m.Name))
		return Login
	case chat.Say:
		switch m.To {
		case chat.Everybody, "":
			c.say("say.all", "content", quote(m.Content))
		default:
			name := a.people.Name(m.To)
			if name == "" {
				name = m.ToName
			}
			c.say("say.one", "other", somebody(name), "content", quote(m.Content))
		}
		return Say
	case chat.Pong:
		c.say("heartbeat.pong")
		return Heartbeat
	}
	return Other
}

// fromServer comments a chat message of the server.
func (a *Annotator) fromServer(c *Comment, p *connection, e *dissect.Event, m *chat.Message) Step {
	about := a.people.Received(&p.client, m)
	self := about.ID != "" && about.ID == p.client.ID
	to := a.label(e, p, dissect.Client)
	switch m.Type {
	case chat.UserList:
		c.say("members", "names", names(m.Members))
		return Members
	case chat.Login:
		if self {
			c.say("login-broadcast.self", "name", quote(about.Name))
		} else {
			c.say("login-broadcast.other", "name", quote(about.Name), "to", to)
		}
		if len(m.Members) > 0 {
			c.say("members", "names", names(m.Members))
		}
		return LoginBroadcast
	case chat.Say:
		content := quote(chat.Unescape(m.Content))
		if self {
			c.say("say-broadcast.self", "content", content)
		} else {
			c.say("say-broadcast.other", "name", somebody(about.Name), "content", content)
		}
		return SayBroadcast
	case chat.Logout:
		c.say("logout-broadcast", "to", to, "name", somebody(about.Name))
		return LogoutBroadcast
	case chat.Refused:
		key := "refusal"
		switch m.Why {
		case "paused":
			key = "refusal.paused"
		case "muted":
			key = "refusal.muted"
		}
		c.say(key, "content", quote(chat.Unescape(m.Content)))
		return Refusal
	case chat.Ping:
		c.say("heartbeat.ping")
		return Heartbeat
	}
	return Other
}

// names are those in a list, as it orders them.
func names(members []chat.Member) catalogue.List[string] {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = chat.Unescape(m.Name)
	}
	return layout.QuoteAll(names, maxQuoted)
}

func somebody(name string) any {
	if name == "" {
		return texts.Message("somebody")
	}
	return quote(name)
}
