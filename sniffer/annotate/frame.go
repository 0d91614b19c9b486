package annotate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"chatlab/sniffer/dissect"
)

// frame comments a WebSocket frame and the chat message in it.
func (a *Annotator) frame(c *Comment, p *person, e *dissect.Event, u *dissect.Unit) (Step, string) {
	f := &u.Frame
	step, name := Other, "step.frame"
	var m Message
	isMessage := false
	if f.Message != nil && f.RSV == 0 {
		m, isMessage = ParseMessage(f.Message)
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
	length := strconv.FormatUint(f.Length, 10)
	if f.Masked {
		c.say("frame.masked", "opcode", opcodeName(f.Opcode), "length", length, "key", fmt.Sprintf("% x", f.Key[:]))
	} else {
		c.say("frame.plain", "opcode", opcodeName(f.Opcode), "length", length)
	}
	if u.Guess {
		c.say("frame.guess")
	}
	switch {
	case f.RSV&4 != 0:
		c.say("frame.compressed")
		return step, name
	case f.Opcode == dissect.Close:
		code, reason := f.CloseCode()
		if code == dissect.NoCloseCode {
			c.say("close.none")
			return Closing, "step.close"
		}
		c.say("close", "code", strconv.Itoa(int(code)), "reason", quote(reason))
		return Closing, "step.close"
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

func opcodeName(o dissect.Opcode) sentence {
	switch o {
	case dissect.Continuation, dissect.Text, dissect.Binary, dissect.Close, dissect.Ping, dissect.Pong:
		return sentence{key: "opcode." + o.String()}
	}
	return sentence{key: "opcode.reserved"}
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
func (a *Annotator) fromClient(c *Comment, p *person, m *Message) Step {
	switch m.Type {
	case "login":
		p.name = m.Nick()
		c.say("login", "name", quote(p.name))
		return Login
	case "say":
		switch to := m.Hearer(); to {
		case "all", "":
			c.say("say.all", "content", quote(m.Content))
		default:
			c.say("say.one", "other", a.somebody(first(a.names[to], m.ToClientName)), "content", quote(m.Content))
		}
		return Say
	case "pong":
		c.say("heartbeat.pong")
		return Heartbeat
	}
	return Other
}

// fromServer comments a chat message of the server, and learns who is who.
func (a *Annotator) fromServer(c *Comment, p *person, e *dissect.Event, m *Message) Step {
	to := a.label(e, p, dissect.Client)
	name := text(m.Nick())
	switch m.Type {
	case "user_list":
		ids, names := m.Members()
		for i, id := range ids {
			names[i] = text(names[i])
			a.names[id] = names[i]
		}
		if n := len(ids); n > 0 && p.id == "" {
			p.id = ids[n-1] // the newcomer stands last
		}
		c.say("members", "names", quote(strings.Join(names, ", ")))
		return Members
	case "login":
		id := m.Subject()
		a.names[id] = name
		ids, names := m.Members()
		for i, id := range ids {
			names[i] = text(names[i])
			a.names[id] = names[i]
		}
		if len(ids) > 0 {
			p.id = id // today's dialect: the list comes with one's own login
		}
		if id == p.id {
			c.say("login-broadcast.self", "name", quote(name))
		} else {
			c.say("login-broadcast.other", "name", quote(name), "to", to)
		}
		if len(ids) > 0 {
			c.say("members", "names", quote(strings.Join(names, ", ")))
		}
		return LoginBroadcast
	case "say":
		id := m.Speaker()
		content := quote(text(m.Content))
		if id == p.id && id != "" {
			c.say("say-broadcast.self", "content", content)
		} else {
			c.say("say-broadcast.other", "name", a.somebody(first(text(m.FromClientName), a.names[id])), "content", content)
		}
		return SayBroadcast
	case "logout":
		id := first(m.Subject(), m.Speaker())
		c.say("logout-broadcast", "to", to, "name", a.somebody(first(text(m.FromClientName), a.names[id])))
		delete(a.names, id)
		return LogoutBroadcast
	case "ping":
		c.say("heartbeat.ping")
		return Heartbeat
	}
	return Other
}

func (a *Annotator) somebody(name string) any {
	if name == "" {
		return sentence{key: "somebody"}
	}
	return quote(name)
}
