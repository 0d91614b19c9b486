package guide

import (
	"slices"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// Scripted tells the lesson the port of the browser that is in the chat before.
func (l *Lesson) Scripted(port uint16) {
	if !slices.Contains(l.state.Scripted, port) {
		l.state.Scripted = append(l.state.Scripted, port)
	}
}

func (l *Lesson) scripted(port uint16) bool { return slices.Contains(l.state.Scripted, port) }

// preludes gives, by conversation, the number of the packet that ends how a
// scripted browser joined and said good day. That was before; the documented
// page does not show it either.
func (l *Lesson) preludes() map[int]int {
	ends := map[int]int{}
	for _, u := range l.trace.units {
		conv := u.record.conv
		if _, known := ends[conv]; !known && l.scripted(u.record.client) && isMessage(dissect.Server, chat.Say)(u) && u.ackedBy != nil {
			ends[conv] = u.ackedBy.number
		}
	}
	return ends
}

// prelude tells whether r belongs to such a beginning.
func (l *Lesson) prelude(r *record) bool {
	if !l.scripted(r.client) {
		return false
	}
	end, over := l.preludes()[r.conv]
	return !over || r.number <= end
}

// otherPort is the port of the scripted browser, if it is in the chat: it has
// introduced itself, and its connection has not ended.
func (l *Lesson) otherPort() uint16 { return l.otherPortBefore(len(l.trace.records)) }

// otherPortBefore is the same at the time of the packet of index i.
func (l *Lesson) otherPortBefore(i int) (port uint16) {
	ends := l.preludes()
	for _, r := range l.trace.records[:i] {
		if !l.scripted(r.client) {
			continue
		}
		if r.segment.Flags&(tcp.FIN|tcp.RST|tcp.SYN) != 0 {
			port = 0
		} else if end, over := ends[r.conv]; over && r.number >= end {
			port = r.client
		}
	}
	return port
}
