package guide

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"chatlab/sniffer/dissect"
	"chatlab/webclient/site"
)

// A tab that was left open from an earlier lesson connects to this one's chat by
// itself, and would do its steps. What tells it apart is seen on the wire: the
// page asks its own server, before each connection, whether its edition is still
// the present one, and the edition is the lesson. So a connection counts if a
// page of this lesson has asked for it. A tab of a version that did not ask yet
// comes without, and does not count either.

// newID names a lesson.
func newID(now time.Time) string { return strconv.FormatInt(now.UnixNano(), 36) }

// validID tells whether id can be one, as it stands in addresses.
func validID(id string) bool {
	return len(id) <= 32 && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

// pagePacket looks at what is asked of the page's server: the page itself, a GET
// and the server's 200 or 304 (RFC 9110 §15.3.1, §15.4.5), or whether its edition
// is the present one.
func (l *Lesson) pagePacket(s *dissect.Segment) {
	text := string(s.Payload[:min(len(s.Payload), 4096)])
	switch l.pagePort {
	case s.Dst.Port():
		if edition, asks := strings.CutPrefix(text, "GET "+site.EditionPath); asks {
			edition, _, _ = strings.Cut(edition, " ")
			if edition == l.state.ID {
				l.awaited = true
			} else {
				l.stale()
			}
		} else if strings.HasPrefix(text, "GET / ") || strings.HasPrefix(text, "GET /?") {
			l.pageBy[s.Src.Port()] = true
			// What runs no scripts cannot ask, and comes back by nobody's will but
			// its user's. All browsers call themselves Mozilla.
			l.awaited = l.awaited || !strings.Contains(text, "Mozilla/")
		}
	case s.Src.Port():
		if l.state.Step.index() <= Page.index() && l.pageBy[s.Dst.Port()] &&
			(strings.HasPrefix(text, "HTTP/1.1 200") || strings.HasPrefix(text, "HTTP/1.1 304")) {
			l.state.PageSeen = true
		}
	}
}

// newcomer looks at the first packet of a connection to the chat: is it one that
// a page of this lesson has asked for?
func (l *Lesson) newcomer(r *record) {
	if r.conv < l.convs {
		return
	}
	l.convs = r.conv + 1
	if r.client == l.standInPort {
		l.standInPort = 0
		l.state.StandIns = append(l.state.StandIns, r.conv)
	}
	switch {
	case l.scripted(r.client):
	case l.awaited:
		l.awaited, l.lost = false, false
	default:
		l.state.Strangers = append(l.state.Strangers, r.conv)
		if r.kind == dissect.HandshakeSYN { // and not the rest of something older
			l.stale()
		}
	}
}

// stranger tells whether r belongs to a connection that no page of this lesson
// has made.
func (l *Lesson) stranger(r *record) bool { return slices.Contains(l.state.Strangers, r.conv) }

// students tells whether r belongs to the student's browser.
func (l *Lesson) students(r *record) bool { return !l.scripted(r.client) && !l.stranger(r) }

// stale says once that something older is there.
func (l *Lesson) stale() {
	if !l.staleReported {
		l.staleReported = true
		l.output(Failure, "stale")
		l.command(l.address)
	}
}
