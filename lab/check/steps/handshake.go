package steps

import (
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
)

// handshake judges TCP's three packets (RFC 9293 §3.5).
func (a *Attempt) handshake() Step {
	s, c := a.step(annotate.Handshake), a.Conversation
	s.shownBy(c.SYN, c.SYNACK, c.HandshakeACK)
	switch {
	case c.SYN != nil && c.SYNACK != nil && c.HandshakeACK != nil:
		s.found("got.handshake", "port", int(c.Client.Port()))
	case c.SYN == nil && c.SYNACK != nil && c.OneWay(dissect.Server):
		s.different("got.handshake.server")
	case c.SYN == nil && c.SYNACK != nil && c.SYNACK.Number > 1:
		s.different("got.handshake.nosyn")
	case c.SYN == nil && c.SYNACK != nil:
		s.different("got.handshake.late")
	case c.SYNACK != nil:
		s.different("got.handshake.open")
	case c.SYN == nil:
	case c.HandshakeACK != nil:
		s.different("got.handshake.lost")
	case c.Refusal != nil:
		s.shownBy(c.Refusal)
		s.different("got.handshake.refused")
	default:
		s.different("got.handshake.unanswered")
	}
	return s
}
