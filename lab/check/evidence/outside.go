package evidence

import (
	"bytes"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

// Outside counts what has nothing to do with the chat's port, and tells what of
// it may explain why the chat is not there.
type Outside struct {
	NotTCP      int
	Cut         int // before the TCP header's end, or so it seems
	OtherPorts  int
	Unexamined  int  // of the chat's port, but too many
	Page        bool // somebody asked for the page
	UpgradePort uint16
}

func (o *Outside) notSegment(p *capture.Packet) {
	if len(p.Data) < p.Length && len(p.Data) < 100 {
		o.Cut++
		return
	}
	o.NotTCP++
}

func (o *Outside) otherPort(s *dissect.Segment) {
	o.OtherPorts++
	if !bytes.HasPrefix(s.Payload, []byte("GET ")) {
		return
	}
	switch port := s.Dst.Port(); {
	case port == scenario.PagePort:
		o.Page = true
	case o.UpgradePort == 0 && bytes.Contains(bytes.ToLower(s.Payload), []byte("\r\nupgrade: websocket\r\n")):
		o.UpgradePort = port
	}
}
