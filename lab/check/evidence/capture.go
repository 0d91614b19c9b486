// Package evidence keeps what a capture shows of the chat: the conversations with
// its port, their HTTP heads and messages, each with the packets that carry it,
// and what else was captured. It judges nothing.
package evidence

import (
	"cmp"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/dissect"
)

const (
	// maxConversations bounds the conversations that are kept; of more, those that
	// began last are counted and not looked into.
	maxConversations = 4096
	// maxPackets bounds the packets that are kept of all conversations together.
	maxPackets = 1 << 20
)

// Capture is what the packets of a capture show. It is not safe for concurrent
// use. The zero value has seen no packet.
type Capture struct {
	// Port is the chat server's. 0: scenario.ServerPort.
	Port          uint16
	Total         int // packets
	Conversations []*Conversation
	Outside       Outside
	// Fault tells why the capture's file could not be read to its end.
	Fault Fault

	kept       int // packets of all conversations
	recited    int // documented packets, from the first on, that came as documented
	tracker    dissect.Tracker
	segment    dissect.Segment
	duplicates duplicates
	of         map[*dissect.Conversation]*Conversation
}

// Add takes the next packet and keeps nothing of it.
func (c *Capture) Add(p *capture.Packet) {
	if err := c.segment.Decode(p); err != nil {
		c.Total++
		c.Outside.undecoded(p.LinkType, err)
		return
	}
	c.Segment(&c.segment)
}

// Segment is Add for a packet that is decoded already.
func (c *Capture) Segment(s *dissect.Segment) {
	c.Total++
	port := cmp.Or(c.Port, scenario.ServerPort)
	if s.Src.Port() != port && s.Dst.Port() != port {
		c.Outside.otherPort(s)
		return
	}
	if c.kept >= maxPackets {
		c.Outside.Unexamined++
		return
	}
	c.recite(s)
	hash := c.duplicates.hash(s)
	if first, ok := c.duplicates.find(hash, s); ok {
		first.conversation.addDuplicate(c.Total, s, first.packet)
		c.kept++
		return
	}
	c.tracker.ServerPort = port
	e := c.tracker.Add(s)
	t := c.of[e.Conversation]
	if t == nil {
		if len(c.Conversations) >= maxConversations {
			c.Outside.Unexamined++
			return
		}
		t = &Conversation{Client: e.Conversation.Client, Server: e.Conversation.Server, flow: e.Conversation, unacked: map[place]*Unit{}}
		if c.of == nil {
			c.of = map[*dissect.Conversation]*Conversation{}
		}
		c.of[e.Conversation] = t
		c.Conversations = append(c.Conversations, t)
	}
	c.duplicates.keep(hash, original{t, t.add(c.Total, e)})
	c.kept++
}
