package check

import (
	"bytes"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// noise counts what has nothing to do with the chat's port, and remembers what
// may explain why the chat is not there.
type noise struct {
	foreign int  // not TCP
	short   int  // cut before the TCP header's end, or so it seems
	other   int  // other ports
	tooMany int  // not looked at
	page    bool // somebody asked for the page
	upgrade uint16
}

func (n *noise) notTCP(p *capture.Packet) {
	if len(p.Data) < p.Length && len(p.Data) < 100 {
		n.short++
		return
	}
	n.foreign++
}

func (n *noise) otherPort(s *dissect.Segment) {
	n.other++
	if !bytes.HasPrefix(s.Payload, []byte("GET ")) {
		return
	}
	switch port := s.Dst.Port(); {
	case port == scenario.PagePort:
		n.page = true
	case n.upgrade == 0 && bytes.Contains(bytes.ToLower(s.Payload), []byte("\r\nupgrade: websocket\r\n")):
		n.upgrade = port
	}
}

// list gives the reasons with what each has counted, and talks packets of other
// conversations.
func (n *noise) list(talks int) []Noises {
	var all []Noises
	for _, x := range []struct {
		key string
		n   int
	}{{"noise.talks", talks}, {"noise.ports", n.other}, {"noise.foreign", n.foreign}, {"noise.short", n.short}, {"noise.toomany", n.tooMany}} {
		if x.n > 0 {
			all = append(all, Noises{say(x.key), x.n})
		}
	}
	return all
}
