package evidence

import (
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// End tells which side began to end the connection, with which packet, and its close
// frame if it sent one; p is nil where it did not end.
func (c *Conversation) End() (by dissect.Side, p *Packet, closing *Unit) {
	for _, u := range c.Units {
		if u.IsFrame() && u.Frame.Opcode == dissect.Close {
			closing = u
			break
		}
	}
	for _, p := range c.Packets {
		switch {
		case closing != nil && closing.Last == p:
			return closing.From, p, closing
		case p.Flags&(tcp.FIN|tcp.RST) != 0:
			return p.From, p, nil
		}
	}
	return 0, nil, nil
}
