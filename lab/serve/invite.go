package serve

import (
	"embed"
	"io"
	"net/netip"
	"strings"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = catalogue.Must(textFiles, "texts")

// Paper is what an invitation is written on.
type Paper struct {
	Lang    catalogue.Lang
	Columns int
	Colour  bool
}

// Invite writes where the lesson is to be found: for this machine, and for the
// class as a QR code too. unseen is why this machine's addresses are not known, or nil.
func Invite(w io.Writer, l *Lesson, on Paper, addresses []netip.Addr, unseen error) error {
	var out strings.Builder
	say := func(key string, args ...any) {
		for _, line := range layout.Wrap(texts.Message(key, args...).In(on.Lang), on.Columns) {
			out.WriteString(line + "\n")
		}
	}
	here, class := l.reachedAt(addresses)
	say("here", "url", url(here, l.PagePort))
	own := url(here, l.PagePort) + "/"
	if forwarded := l.o.Forwarded; forwarded != nil {
		if u := forwarded(l.PagePort); u != "" {
			own = u
			say("forwarded", "url", u, "port", l.ChatPort)
		}
	}
	if l.desk != nil {
		say("teacher", "url", own+"class#key="+l.desk.Key())
		say("teacher.alone") // above the code, so that a projector need not show both
	}
	switch everywhere := l.host().IsUnspecified(); {
	case everywhere && unseen != nil:
		say("class.unseen", "port", l.PagePort, "why", unseen)
	case everywhere && len(class) == 0:
		say("class.nowhere")
	case len(class) == 0:
		say("class.alone", "address", here)
	}
	for i, a := range class {
		u := url(a, l.PagePort)
		say("class", "url", u)
		if i > 0 {
			continue
		}
		code, err := drawCode(u, on.Colour)
		if err != nil {
			return err
		}
		out.WriteString(code)
	}
	if len(class) > 0 {
		say("class.try", "page", l.PagePort, "chat", l.ChatPort)
	}
	if l.o.ShareWire {
		say("wire.shared")
	} else {
		say("wire.local")
	}
	say("end")
	_, err := io.WriteString(w, out.String())
	return err
}

// reachedAt gives the address at which this machine's browsers find the lesson,
// and those at which the class does: all that this machine has, or the one that
// it listens on.
func (l *Lesson) reachedAt(addresses []netip.Addr) (here netip.Addr, class []netip.Addr) {
	switch a := l.host(); {
	case a.IsUnspecified():
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), addresses
	case a.IsLoopback():
		return a, nil
	default:
		return a, []netip.Addr{a}
	}
}

func url(host netip.Addr, port uint16) string {
	return "http://" + netip.AddrPortFrom(host, port).String()
}
