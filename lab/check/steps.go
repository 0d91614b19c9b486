package check

import (
	"slices"
	"strings"

	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// short tells that packets were cut before the end of their TCP header, so that
// nobody knows which conversation they were of.
func (t *talk) find(o Options, short bool) *finding {
	f := &finding{units: map[int]role{}, login: -1, say: -1, own: -1, ownSay: -1}
	t.findHandshake(&f.steps[0])
	if f.steps[0].Status == "" && short {
		f.steps[0].Hint = say("hint.snaplen")
	}
	t.findUpgrade(f, &f.steps[1])
	t.findLogin(f, &f.steps[2], o)
	t.findMembers(f, &f.steps[3], o)
	t.findLoginEvent(f, &f.steps[4], o)
	t.findSay(f, &f.steps[5], o)
	t.findSayEvent(f, &f.steps[6], o)
	t.strays(f, o)
	for i, id := range StepIDs {
		s := &f.steps[i]
		s.ID = id
		s.Expected = expected(id, o)
		if s.Status == "" {
			s.Status = Missing
		}
		if s.Status == Missing && s.Hint.IsZero() {
			s.Hint = t.missingHint(f, i, o, short)
		}
		slices.Sort(s.Packets)
		s.Packets = slices.Compact(s.Packets)
	}
	return f
}

func expected(id StepID, o Options) catalogue.Message {
	return say("expected."+string(id), "nick", quote(o.Nick), "message", quote(o.Message), "port", scenario.ServerPort)
}

func (t *talk) findHandshake(s *Step) {
	number := func(at int) {
		if at >= 0 {
			s.Packets = append(s.Packets, t.records[at].packet)
		}
	}
	number(t.syn)
	number(t.accept)
	number(t.opened)
	switch {
	case t.syn >= 0 && t.accept >= 0 && t.opened >= 0:
		s.Status, s.Got = Found, say("got.handshake", "port", int(t.client.Port()))
	case t.accept >= 0 && t.syn < 0:
		s.Status, s.Got, s.Hint = Different, say("got.handshake.late"), say("hint.late")
	case t.accept >= 0:
		s.Status, s.Got, s.Hint = Different, say("got.handshake.open"), say("hint.ended")
	case t.syn >= 0 && t.opened >= 0:
		s.Status, s.Got, s.Hint = Different, say("got.handshake.lost"), say("hint.lost")
	case t.syn >= 0 && t.refused >= 0:
		number(t.refused)
		s.Status, s.Got, s.Hint = Different, say("got.handshake.refused"), say("hint.refused")
	case t.syn >= 0:
		s.Status, s.Got, s.Hint = Different, say("got.handshake.unanswered"), say("hint.unanswered")
	default:
		s.Hint = say("hint.late")
	}
}

// offers and deflate tell whether a head offers an extension, and whether it
// grants the one that compresses messages (RFC 7692 §5).
func offers(h *dissect.Head) bool { return h.Get("Sec-WebSocket-Extensions") != "" }

func deflate(h *dissect.Head) bool {
	return strings.Contains(strings.ToLower(h.Get("Sec-WebSocket-Extensions")), "permessage-deflate")
}

// hasToken tells whether a comma-separated field has a token (RFC 9110 §5.6.1).
func hasToken(h *dissect.Head, field, token string) bool {
	for _, f := range h.Fields {
		if strings.EqualFold(f.Name, field) {
			for part := range strings.SplitSeq(f.Value, ",") {
				if strings.EqualFold(strings.TrimSpace(part), token) {
					return true
				}
			}
		}
	}
	return false
}

func (t *talk) findUpgrade(f *finding, s *Step) {
	request, response := -1, -1
	for i := range t.units {
		switch u := &t.units[i]; u.kind {
		case dissect.RequestUnit:
			// What counts is the request that asks for the upgrade.
			if request < 0 {
				request = i
			} else if !t.units[request].head.Upgrades() {
				request, response = i, -1
			}
		case dissect.ResponseUnit:
			if response < 0 {
				response = i
			}
		}
	}
	take := func(i, documented int) {
		if i >= 0 {
			s.Packets = append(s.Packets, t.packets(&t.units[i])...)
			f.units[i] = role{step: Upgrade, documented: documented}
		}
	}
	take(request, 4)
	take(response, 6)
	different := func(got, hint catalogue.Message) { s.Status, s.Got, s.Hint = Different, got, hint }
	for _, at := range t.cutHead {
		if at >= 0 {
			r := &t.records[at]
			s.Packets = append(s.Packets, r.packet)
			different(say("got.cut", "bytes", r.length-r.missing, "length", r.length), say("hint.snaplen"))
		}
	}
	if s.Status != "" {
		return
	}
	switch {
	case request < 0 && response < 0:
		return
	case request < 0:
		hint := say("hint.late")
		if t.gaps.of(dissect.Client) {
			hint = say("hint.lost")
		}
		different(say("got.upgrade.response", "line", quote(t.units[response].head.Line)), hint)
		return
	}
	head := t.units[request].head
	switch {
	case !head.Upgrades():
		different(say("got.upgrade.plain", "line", quote(head.Line)), say("hint.direct"))
	case response < 0 && t.gaps.of(dissect.Server):
		different(say("got.upgrade.lost", "line", quote(head.Line)), say("hint.lost"))
	case response < 0:
		different(say("got.upgrade.unanswered", "line", quote(head.Line)), say("hint.ended"))
	default:
		t.judgeUpgrade(s, head, t.units[response].head)
	}
	for _, i := range []int{request, response} {
		if i >= 0 && s.Status == Different {
			r := f.units[i]
			r.wrong = true
			f.units[i] = r
		}
	}
}

// judgeUpgrade holds a request and its response against RFC 6455 §4.
func (t *talk) judgeUpgrade(s *Step, request, response *dissect.Head) {
	accept, right := response.Get("Sec-WebSocket-Accept"), dissect.Accept(request.Get("Sec-WebSocket-Key"))
	line := quote(response.Line)
	s.Status = Different
	switch {
	case response.Status() == 403:
		s.Got, s.Hint = say("got.upgrade.status", "line", line), say("hint.origin")
	case response.Status() == 503:
		s.Got, s.Hint = say("got.upgrade.status", "line", line), say("hint.full")
	case response.Status() != 101 && request.Get("Sec-WebSocket-Version") != "13": // and rightly so: RFC 6455 §4.2.2
		s.Got, s.Hint = say("got.upgrade.status", "line", line), say("hint.browser")
	case response.Status() != 101:
		s.Got, s.Hint = say("got.upgrade.status", "line", line), say("hint.server")
	case request.Get("Sec-WebSocket-Key") == "":
		s.Got, s.Hint = say("got.upgrade.nokey"), say("hint.server")
	case request.Get("Sec-WebSocket-Version") != "13":
		s.Got = say("got.upgrade.version", "version", quote(request.Get("Sec-WebSocket-Version")))
		s.Hint = say("hint.browser")
	case !response.Upgrades() || !hasToken(response, "Connection", "Upgrade"):
		s.Got, s.Hint = say("got.upgrade.headers"), say("hint.server")
	case accept != right:
		s.Expected = say("expected.accept", "accept", right)
		s.Got, s.Hint = say("got.upgrade.accept", "accept", quote(accept)), say("hint.accept")
	case offers(response):
		s.Got = say("got.upgrade.extension", "extension", quote(response.Get("Sec-WebSocket-Extensions")))
		s.Hint = say("hint.deflate")
	default:
		s.Status, s.Got = Found, say("got.upgrade", "accept", quote(accept))
		if offers(request) {
			s.Notes = append(s.Notes, say("note.offered", "extension", quote(request.Get("Sec-WebSocket-Extensions"))))
		}
		if server := response.Get("Server"); server != "" {
			s.Notes = append(s.Notes, say("note.server", "server", quote(server)))
		}
	}
}
