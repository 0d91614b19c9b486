package serve

import (
	"embed"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"

	"rsc.io/qr"

	"chatlab/sniffer/catalogue"
)

//go:embed texts/*.json
var textFiles embed.FS

var texts = catalogue.Must(catalogue.Sub(textFiles, "texts"))

// Invite writes where the lesson is to be found: for this machine, and for the
// class as a QR code too.
func Invite(w io.Writer, l *Lesson, lang catalogue.Lang, addresses []netip.Addr) error {
	var out strings.Builder
	say := func(key string, args ...string) { out.WriteString(texts.Text(lang, key, args...) + "\n") }
	say("here", "url", url("127.0.0.1", l.PagePort))
	if l.forClass() {
		for i, a := range addresses {
			u := url(a.String(), l.PagePort)
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

func (l *Lesson) forClass() bool {
	a, err := netip.ParseAddr(l.o.Host)
	return l.o.Host == "" || err == nil && !a.IsLoopback()
}

func url(host string, port uint16) string {
	return "http://" + net.JoinHostPort(host, fmt.Sprint(port))
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

// Addresses gives the addresses by which a class can reach this machine: IPv4,
// private ones before others.
func Addresses() ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var private, others []netip.Addr
	for _, a := range all {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		switch ip := prefix.Addr(); {
		case !ip.Is4() || ip.IsLoopback() || ip.IsLinkLocalUnicast():
		case ip.IsPrivate():
			private = append(private, ip)
		default:
			others = append(others, ip)
		}
	}
	return append(private, others...), nil
}
