package serve

import (
	"embed"
	"io"
	"net/netip"
	"strings"

	"rsc.io/qr"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = catalogue.Must(textFiles, "texts")

// Invite writes where the lesson is to be found: for this machine, and for the
// class as a QR code too. unseen is why this machine's addresses are not known, or nil.
func Invite(w io.Writer, l *Lesson, lang catalogue.Lang, addresses []netip.Addr, unseen error) error {
	var out strings.Builder
	say := func(key string, args ...any) { out.WriteString(texts.Message(key, args...).In(lang) + "\n") }
	here, class := l.reachedAt(addresses)
	say("here", "url", url(here, l.PagePort))
	if unseen != nil && l.host().IsUnspecified() {
		say("class.unseen", "port", l.PagePort, "why", unseen)
	}
	for i, a := range class {
		u := url(a, l.PagePort)
		say("class", "url", u)
		if i > 0 {
			continue
		}
		code, err := qr.Encode(u, qr.M)
		if err != nil {
			return err
		}
		out.WriteString("\n" + halfBlocks(code) + "\n")
	}
	if forwarded := l.o.Forwarded; forwarded != nil {
		if u := forwarded(l.PagePort); u != "" {
			say("forwarded", "url", u, "port", l.ChatPort)
		}
	}
	if l.desk != nil {
		say("teacher", "url", url(here, l.PagePort)+"/class#key="+l.desk.Key())
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

// quiet is the margin that a QR code needs, in modules (ISO/IEC 18004 §5.3.8
// asks for four; two are read by every telephone's camera).
const quiet = 2

// halfBlocks draws a QR code with two modules to a character. Dark modules are
// blank and light ones full, for a dark terminal; a reader takes either way.
func halfBlocks(code *qr.Code) string {
	light := func(x, y int) bool { return !code.Black(x, y) }
	var out strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		for x := -quiet; x < code.Size+quiet; x++ {
			switch top, bottom := light(x, y), light(x, y+1); {
			case top && bottom:
				out.WriteString("█")
			case top:
				out.WriteString("▀")
			case bottom:
				out.WriteString("▄")
			default:
				out.WriteString(" ")
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}
