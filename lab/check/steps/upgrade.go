package steps

import (
	"slices"
	"strings"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
)

// extensions is a field of the handshake (RFC 6455 §11.3.2).
const extensions = "Sec-WebSocket-Extensions"

// upgrade judges the HTTP request and its response.
func (a *Attempt) upgrade() Step {
	s, c := a.step(annotate.Upgrade), a.Conversation
	for _, u := range []*evidence.Unit{a.Request, a.Response} {
		if u != nil {
			s.shownBy(c.Carriers(u)...)
		}
	}
	for _, p := range c.CutHead {
		if p != nil {
			s.shownBy(p)
			s.different("got.cut", "bytes", p.Length-p.Missing, "length", p.Length)
		}
	}
	switch {
	case s.Status == Different, a.Request == nil && a.otherProtocol(&s), a.Request == nil && a.Response == nil:
	case a.Request == nil:
		s.different("got.upgrade.response", "line", texts.Quote(a.Response.Head.Line))
	case taken(a.Request.Head) != "" && (a.Response == nil || a.Response.Head.Status() != 101):
		s.different("got.upgrade.stripped", "line", texts.Quote(a.Request.Head.Line), "lack", taken(a.Request.Head))
	case !a.Request.Head.Upgrades():
		s.different("got.upgrade.plain", "line", texts.Quote(a.Request.Head.Line))
	case a.Response == nil && c.Gap(dissect.Server):
		s.different("got.upgrade.lost", "line", texts.Quote(a.Request.Head.Line))
	case a.Response == nil && c.First[dissect.Server] != nil && c.Speaks(dissect.Server) == dissect.TLS:
		s.shownBy(c.First[dissect.Server])
		s.different("got.upgrade.tls.server", "line", texts.Quote(a.Request.Head.Line))
	case a.Response == nil && c.First[dissect.Server] != nil && c.Speaks(dissect.Server) != dissect.HTTP:
		s.shownBy(c.First[dissect.Server])
		s.different("got.upgrade.answer", "line", texts.Quote(a.Request.Head.Line), "text", texts.Quote(begin(c.Opening[dissect.Server])))
	case a.Response == nil && c.First[dissect.Server] == nil && c.Ended[dissect.Server]:
		s.different("got.upgrade.closed", "line", texts.Quote(a.Request.Head.Line))
	case a.Response == nil:
		s.different("got.upgrade.unanswered", "line", texts.Quote(a.Request.Head.Line))
	case plainToTLS(c.Opening[dissect.Server]):
		s.different("got.upgrade.tls.server", "line", texts.Quote(a.Request.Head.Line))
	default:
		s.switched(a.Request.Head, a.Response.Head)
	}
	return s
}

// otherProtocol judges what passed instead of an HTTP request, if that is certain.
func (a *Attempt) otherProtocol(s *Step) bool {
	c := a.Conversation
	client, server := c.Speaks(dissect.Client), c.Speaks(dissect.Server)
	switch {
	case server == dissect.TLS, client == dissect.TLS && c.OneWay(dissect.Client):
		s.different("got.upgrade.tls", "what", tried(c.Hello()))
	case client == dissect.TLS && a.Response != nil:
		s.different("got.upgrade.tls.plain", "what", tried(c.Hello()), "line", texts.Quote(a.Response.Head.Line))
	case client == dissect.TLS:
		s.different("got.upgrade.tls.unanswered", "what", tried(c.Hello()))
	case client > dissect.TLS || server > dissect.TLS || client == dissect.HTTP2:
		s.different("got.upgrade.protocol", "protocol", max(client, server))
	case c.SYN != nil && a.Response != nil && c.First[dissect.Client] == nil && !c.Gaps():
		s.different("got.upgrade.none", "line", texts.Quote(a.Response.Head.Line))
	case c.SYN != nil && (a.Response == nil || client == dissect.UnknownProtocol) && !c.Frames && !c.Short && !c.Lost && !c.Gaps() && c.CutHead == [2]*evidence.Packet{}:
		for _, side := range []dissect.Side{dissect.Client, dissect.Server} {
			if c.First[side] != nil && c.Speaks(side) != dissect.HTTP {
				s.shownBy(c.First[side])
				s.different("got.upgrade.foreign", "text", texts.Quote(begin(c.Opening[side])))
				return true
			}
		}
		return false
	default:
		return false
	}
	s.shownBy(c.First[dissect.Client], c.First[dissect.Server])
	return true
}

// begin gives what is shown of a side's first bytes.
func begin(s string) string { return s[:min(len(s), 32)] }

// tried is what a browser that speaks TLS opens: for a page it offers HTTP/2, for a
// WebSocket HTTP/1.1 alone.
func tried(h *dissect.ClientHello) string {
	switch {
	case h == nil || len(h.Protocols) == 0:
		return "https, wss"
	case slices.Contains(h.Protocols, "h2"):
		return "https"
	}
	return "wss"
}

// taken names what was taken out of a request that has a handshake's key: as a rule
// by a proxy, which speaks HTTP/1.0 to its server if it is not told otherwise.
func taken(h *dissect.Head) string {
	switch {
	case h.Get("Sec-WebSocket-Key") == "":
	case !h.Upgrades():
		return "Upgrade: websocket"
	case !h.HasToken("Connection", "Upgrade"):
		return "Connection: Upgrade"
	case strings.HasSuffix(h.Line, "HTTP/1.0"):
		return "HTTP/1.1"
	}
	return ""
}

// plainToTLS tells whether an answer is that of a TLS server to plain HTTP, in the
// words of Go's, nginx' and Apache's.
func plainToTLS(answer string) bool {
	for _, words := range []string{"HTTP request to an HTTPS server", "sent to HTTPS port", "SSL-enabled server port"} {
		if strings.Contains(answer, words) {
			return true
		}
	}
	return false
}

// switched holds a request and its response against RFC 6455 §4.
func (s *Step) switched(request, response *dissect.Head) {
	accept, right := response.Get("Sec-WebSocket-Accept"), dissect.Accept(request.Get("Sec-WebSocket-Key"))
	switch not := request.NotUpgrade(); {
	case response.Status() != 101 && not != dissect.NoReason:
		s.different("got.upgrade.refused", "line", texts.Quote(response.Line), "reason", annotate.Reason(not))
	case response.Status() != 101:
		s.different("got.upgrade.status", "line", texts.Quote(response.Line))
	case not != dissect.NoReason && not != dissect.BadKey:
		s.different("got.upgrade.granted", "reason", annotate.Reason(not))
	case !response.Upgrades():
		s.different("got.upgrade.headers", "lack", "Upgrade: websocket")
	case !response.HasToken("Connection", "Upgrade"):
		s.different("got.upgrade.headers", "lack", "Connection: Upgrade")
	case accept != right:
		s.different("got.upgrade.accept", "accept", texts.Quote(accept))
		s.Expected = texts.Check.Message("expected.accept", "accept", right)
	case strings.HasPrefix(strings.ToLower(response.Get(extensions)), "permessage-deflate"):
		s.different("got.upgrade.extension", "extension", texts.Quote(response.Get(extensions)))
	case response.Get(extensions) != "":
		s.different("got.upgrade.unknown", "extension", texts.Quote(response.Get(extensions)))
	default:
		s.found("got.upgrade", "accept", texts.Quote(accept))
		if not == dissect.BadKey {
			s.note("note.key")
		}
		if e := request.Get(extensions); e != "" {
			s.note("note.offered", "extension", texts.Quote(e))
		}
		if server := response.Get("Server"); server != "" {
			s.note("note.server", "server", texts.Quote(server))
		}
	}
}
