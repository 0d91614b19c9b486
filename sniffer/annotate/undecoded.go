package annotate

import (
	"errors"

	"chatlab/sniffer/dissect"
)

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
