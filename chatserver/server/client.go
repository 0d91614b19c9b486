package server

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/coder/websocket"

	"chatlab/chatserver/chat"
	"chatlab/chatserver/dialect"
	"chatlab/chatserver/gateway"
)

// client is somebody connected. Its methods are called by its session's
// goroutine.
type client struct {
	srv      *Server
	sess     *gateway.Session
	who      string // for Options.Refuse
	round    *round
	member   *chat.Member[*gateway.Session]
	version  chat.Version
	loggedIn bool // and so version is known
	refused  int  // messages
}

// Message implements gateway.Handler.
func (c *client) Message(p []byte) {
	m, err := dialect.Parse(p, c.version)
	if err != nil {
		c.ignore(err.Error())
		return
	}
	switch m.Type {
	case dialect.Login:
		c.login(&m)
	case dialect.Say:
		c.say(&m)
	}
}

func (c *client) login(m *dialect.Message) {
	if c.loggedIn && m.Version != c.version {
		c.ignore("login in the other dialect")
		return
	}
	if limit := c.srv.opts.MaxName; limit > 0 && (utf8.RuneCountInString(m.Name) > limit || utf8.RuneCountInString(m.Room) > limit) {
		c.refuse("too long a name")
		return
	}
	c.loggedIn, c.version = true, m.Version
	c.sess.SetFormat(int(m.Version))
	if ping := c.srv.dialect(m.Version).AppendPing(nil); len(ping) > 0 {
		c.sess.SetHeartbeat(ping)
	}
	if room, in := c.member.Room(); in && room != m.Room {
		c.leave("to room " + m.Room)
	}
	// A copy, as the strings of m share memory with the whole message.
	name, room := strings.Clone(m.Name), strings.Clone(m.Room)
	switch err := c.round.hub.Join(c.member, m.Version, name, room); {
	case errors.Is(err, chat.ErrClosed):
		return // a close is on its way
	case err != nil:
		c.refuse(err.Error())
		return
	}
	c.srv.log.Info("join", "uid", c.member.Person().UID, "name", name, "room", room,
		"dialect", m.Version, c.sess.From())
}

// leave takes the client out of its room. What is pending for it there is written
// before anything that follows: a session must not be in two fan-outs at a time.
func (c *client) leave(why string) {
	room, in := c.member.Room()
	if !in {
		return
	}
	fanout := c.member.Broadcaster().(*broadcaster).fanout
	c.round.hub.Leave(c.member)
	fanout.Sync()
	p := c.member.Person()
	c.srv.log.Info("leave", "uid", p.UID, "name", p.Name, "room", room, "why", why)
}

func (c *client) say(m *dialect.Message) {
	if _, in := c.member.Room(); !in {
		c.ignore("say before login")
		return
	}
	to := m.To
	if !to.All && c.version == chat.Today {
		to.Serial = c.srv.today.Load().Serial(to.ID)
	}
	if c.srv.opts.LogMessages {
		c.srv.log.Info("say", "uid", c.member.Person().UID, "to", to.ID, "content", m.Content)
	}
	if refuse := c.srv.opts.Refuse; refuse != nil {
		if why := refuse(c.sess.Remote(), c.who); why != chat.Granted {
			c.refused++
			c.srv.log.Info("not delivered", "uid", c.member.Person().UID, c.sess.From(), "why", why, "count", c.refused)
			c.round.hub.Refuse(c.member, to, m.Content, why)
			return
		}
	}
	c.round.hub.Say(c.member, to, m.Content)
}

// ignore logs a message that is ignored, as the original ignores it.
func (c *client) ignore(why string) {
	c.srv.log.Info("ignored", "uid", c.member.Person().UID, c.sess.From(), "why", why)
}

func (c *client) refuse(why string) {
	c.srv.log.Info("refused", "uid", c.member.Person().UID, c.sess.From(), "why", why)
	c.sess.Close(websocket.StatusPolicyViolation, why)
}

// Closed implements gateway.Handler.
func (c *client) Closed(why string) {
	c.leave(why)
	c.srv.exit(c)
}
