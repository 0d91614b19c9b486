package annotate

import (
	"embed"
	"errors"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/layout"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts has every sentence that a comment may say.
var texts = catalogue.Must(textFiles, "texts")

// Step is what part of a chat's life a packet belongs to.
type Step string

// The steps, in the order in which a chat goes through them.
const (
	Handshake       Step = "tcp-handshake"
	Upgrade         Step = "upgrade"
	Login           Step = "login"
	Members         Step = "members"
	LoginBroadcast  Step = "login-broadcast"
	Say             Step = "say"
	SayBroadcast    Step = "say-broadcast"
	LogoutBroadcast Step = "logout-broadcast"
	Refusal         Step = "refusal"
	Heartbeat       Step = "heartbeat"
	Closing         Step = "close"
	Other           Step = "other"
)

// Comment says what a packet is, in no language yet.
type Comment struct {
	Step Step
	Ack  bool // nothing but an acknowledgement of the step's packet
	// Heartbeat: the packet belongs to heartbeats alone, and they are as they should be
	// (see Heartbeats).
	Heartbeat bool
	// Client is who speaks on the packet's connection, as far as messages told.
	Client chat.Person

	title catalogue.Message
	lines []catalogue.Message
}

// Title is the comment's first line: the step, and who sends to whom.
func (c *Comment) Title(lang catalogue.Lang) string { return c.title.In(lang) }

// Lines are the sentences below the title.
func (c *Comment) Lines(lang catalogue.Lang) []string {
	lines := make([]string, len(c.lines))
	for i, s := range c.lines {
		lines[i] = s.In(lang)
	}
	return lines
}

func (c *Comment) say(key string, args ...any) {
	c.lines = append(c.lines, texts.Message(key, args...))
}

// Undecoded comments a packet that the dissector gave an error for, where it may
// well carry TCP that cannot be read. It is nil for a packet that is no TCP
// segment.
func Undecoded(err error) *Comment {
	c := &Comment{Step: Other, title: texts.Message("undecoded")}
	var unread dissect.LinkTypeError
	switch {
	case errors.As(err, &unread):
		c.say("undecoded.linktype", "type", unread.Name())
	case errors.Is(err, dissect.ErrProtected):
		c.say("undecoded.protected")
	case errors.Is(err, dissect.ErrAggregate):
		c.say("undecoded.aggregate")
	default:
		return nil
	}
	return c
}

// maxQuoted bounds a quotation from a packet, in characters.
const maxQuoted = 400

// quote makes text from a packet fit to be shown.
func quote(s string) string { return layout.Quote(s, maxQuoted) }
