package steps

import (
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/dissect"
)

// accuses tells whether a close code says that the other side has sent something that
// it must not (RFC 6455 §7.4.1).
func accuses(code int) bool { return code == 1002 || code == 1003 || code == 1007 || code == 1009 }

// closeCode gives a close frame's code, or 0.
func closeCode(u *evidence.Unit) int {
	if len(u.Text) < 2 {
		return 0
	}
	return int(u.Text[0])<<8 | int(u.Text[1])
}

// ends notes how the connection ended: who began to, in which packet, and the close
// frame's code if there is one (RFC 6455 §7.1.5).
func (s *Step) ends(c *evidence.Conversation) {
	switch by, p, closing := c.End(); {
	case p == nil:
	case by == dissect.Client:
		s.note("note.left", "packet", p.Number)
	case closing != nil && len(closing.Text) > 2:
		s.note("note.closed.reason", "packet", p.Number, "code", closeCode(closing), "reason", texts.Quote(closing.Text[2:]))
	case closing != nil && len(closing.Text) == 2:
		s.note("note.closed", "packet", p.Number, "code", closeCode(closing))
	default:
		s.note("note.ended", "packet", p.Number)
	}
}
