package evidence

import (
	"bytes"
	"regexp"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// asksWebSocket finds the field of a request that asks for it, alone or in a list.
var asksWebSocket = regexp.MustCompile(`(?i)\nupgrade:[^\n]*\bwebsocket\b`)

// Outside counts what is no conversation with the chat's port, and tells what of
// it may explain why there is none.
type Outside struct {
	// Undecoded counts the packets that are no TCP segment, by the error with which
	// the dissector said so.
	Undecoded  map[error]int
	WiFi       bool // some of them are 802.11 frames
	OtherPorts int
	Unexamined int // of the chat's port, but too many
	// Page: somebody asked for the page. UpgradePort is a port, if not 0, on which
	// somebody asked for WebSocket.
	Page        bool
	UpgradePort uint16
	// TLSPort is a port, if not 0, to which somebody spoke TLS; Near: on this machine
	// or in a private network, where the chat may be.
	TLSPort uint16
	Near    bool
}

func (o *Outside) undecoded(link capture.LinkType, err error) {
	switch link {
	case capture.IEEE80211, capture.Radiotap, capture.Prism, capture.AVS:
		o.WiFi = true
	}
	if o.Undecoded == nil {
		o.Undecoded = map[error]int{}
	}
	o.Undecoded[err]++
}

func (o *Outside) otherPort(s *dissect.Segment) {
	o.OtherPorts++
	record, ok := dissect.ReadRecord(s.Payload)
	if dst := s.Dst.Addr(); ok && record.Hello != nil && !o.Near {
		o.TLSPort, o.Near = s.Dst.Port(), dst.IsLoopback() || dst.IsPrivate() || dst.IsLinkLocalUnicast()
	}
	if !bytes.HasPrefix(s.Payload, []byte("GET ")) {
		return
	}
	switch port := s.Dst.Port(); {
	case port == scenario.PagePort:
		o.Page = true
	case bytes.HasPrefix(s.Payload, []byte("GET /devtools/")): // a browser's own tools
	case o.UpgradePort == 0 && asksWebSocket.Match(s.Payload):
		o.UpgradePort = port
	}
}

// Cut tells whether packets were cut before the end of their TCP header, so that
// nobody knows which conversation they were of.
func (o *Outside) Cut() bool { return o.Undecoded[dissect.ErrCut] > 0 }

// LinkType gives a link type that the dissector does not read, if packets have
// one.
func (o *Outside) LinkType() (unread dissect.LinkTypeError, ok bool) {
	for err := range o.Undecoded {
		if t, is := err.(dissect.LinkTypeError); is && (!ok || t < unread) {
			unread, ok = t, true
		}
	}
	return unread, ok
}
