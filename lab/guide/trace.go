package guide

import (
	"slices"

	"chatlab/sniffer/annotate"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

// maxRecords bounds the packets that a lesson keeps. A chat left alone for a day
// makes fewer.
const maxRecords = 20000

// record is a captured packet of the chat, with what it means. It owns its packet.
type record struct {
	number  int // from 1, as in the saved file
	segment *dissect.Segment
	comment *annotate.Comment
	conv    int    // the conversation's number
	client  uint16 // the client's port
	from    dissect.Side
	kind    dissect.Kind
	relSeq  uint32
	relAck  uint32
	units   []*unit
}

// unit is an HTTP head or a WebSocket frame that ended in a record.
type unit struct {
	dissect.Unit
	record  *record
	message chat.Message // without a type if it is none
	ackedBy *record      // the first packet that acknowledges it whole, or nil
}

// length is the unit's length on the wire, in bytes.
func (u *unit) length() uint32 { return u.End - u.Start }

// trace keeps the chat's packets.
type trace struct {
	tracker   dissect.Tracker
	annotator annotate.Annotator
	records   []*record
	units     []*unit
	port      uint16 // of the chat server
}

// add takes a segment. It is dropped if it is none of the chat's, or if there are
// too many already; then add returns nil. What is kept has no link-layer header:
// stages have different ones, and a lesson may go on in another stage than it was
// begun in.
func (t *trace) add(s *dissect.Segment) *record {
	if len(t.records) >= maxRecords || s.Src.Port() != t.port && s.Dst.Port() != t.port {
		return nil
	}
	r := &record{number: len(t.records) + 1, segment: s.Clone()}
	e := t.tracker.Add(r.segment)
	r.comment = t.annotator.Add(e)
	r.from, r.kind, r.relSeq, r.relAck = e.From, e.Kind, e.RelSeq, e.RelAck
	r.conv, r.client = e.Conversation.Number, e.Conversation.Client.Port()
	for i := range e.Units {
		u := &unit{Unit: e.Units[i], record: r}
		f := &u.Frame
		f.Raw, f.Payload, f.Message = slices.Clone(f.Raw), slices.Clone(f.Payload), slices.Clone(f.Message)
		u.message, _ = chat.Parse(f.Message)
		r.units = append(r.units, u)
	}
	t.records = append(t.records, r)
	t.units = append(t.units, r.units...)
	for i := range e.Acked {
		for _, u := range t.units {
			if u.record.conv == r.conv && u.From == e.Acked[i].From && u.End == e.Acked[i].End && u.ackedBy == nil {
				u.ackedBy = r
			}
		}
	}
	return r
}

// find gives the first unit from record index begin on, and before end, that is
// as wanted.
func (t *trace) find(begin, end int, wanted func(*unit) bool) *unit {
	for _, u := range t.units {
		if i := u.record.number - 1; i >= begin && i < end && wanted(u) {
			return u
		}
	}
	return nil
}

// isMessage matches chat messages of a type from a side.
func isMessage(from dissect.Side, kind chat.Type) func(*unit) bool {
	return func(u *unit) bool { return u.From == from && u.message.Type == kind }
}
