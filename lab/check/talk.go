package check

import (
	"net/netip"
	"slices"
	"time"

	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

const (
	// maxTalks bounds the conversations that are kept; of more, those that
	// began last are counted and not looked into.
	maxTalks = 4096
	// maxRecords bounds the packets that are kept of all conversations together.
	maxRecords = 1 << 20
	// maxText bounds what is kept of a text that is not as expected, in bytes.
	maxText = 1 << 10
)

// talk is one TCP conversation with the chat's port, as far as its packets have
// come.
type talk struct {
	client, server netip.AddrPort
	key            string // the Sec-WebSocket-Key
	records        []record
	units          []unit
	// sent are the indices of a side's units in order of their place, and
	// unacked those of them that are not acknowledged yet.
	sent    [2][]int
	unacked map[place]int

	syn, accept, opened int // indices of the handshake's records, or -1
	cutHead             [2]int
	over                [2]bool // the side has sent FIN or RST
	refused             int     // index of the server's RST that answered the SYN, or -1
	chatting            bool    // a frame has passed
	compressed          bool    // permessage-deflate was granted
	lost                bool    // bytes are missing from the capture
	gaps                gaps
	declined            bool  // the server's answer to the request was no 101
	flowing             bool  // the dissector gives the browser's frames
	ahead               []int // the units that withheld has read
}

// place is where a unit ends in its direction.
type place struct {
	from dissect.Side
	end  uint32
}

// record is what is kept of a packet.
type record struct {
	packet  int // its number in the capture, from 1
	time    time.Time
	from    dissect.Side
	kind    dissect.Kind
	twice   bool // the same packet captured again
	flags   tcp.Flags
	seq     uint32 // relative
	length  int    // on the wire
	missing int    // bytes of it that were not captured
	acked   []int  // the units that it is the first to acknowledge
	// acksPart: it acknowledges new bytes that end no unit.
	acksPart bool
}

func (r *record) end() uint32 { return r.seq + uint32(r.length) }

// unit is what is kept of an HTTP head or a frame.
type unit struct {
	kind       dissect.UnitKind
	from       dissect.Side
	start, end uint32
	at         int // the index of the record that it ends in
	head       *dissect.Head
	frame      dissect.FrameHeader
	cut        bool
	text       string // the message, or as much of it as is kept
	got        int    // bytes of the frame's text that were captured
	chat       bool   // message is set
	message    chat.Message
}

func newTalk(c *dissect.Conversation) *talk {
	return &talk{client: c.Client, server: c.Server, unacked: map[place]int{},
		syn: -1, accept: -1, opened: -1, refused: -1, cutHead: [2]int{-1, -1}}
}

// add keeps what e tells and gives the index of its record.
func (t *talk) add(number int, e *dissect.Event) int {
	s := e.Segment
	at := len(t.records)
	r := record{packet: number, time: s.Packet.Time, from: e.From, kind: e.Kind, flags: s.Flags,
		seq: e.RelSeq, length: s.Length, missing: s.Length - len(s.Payload)}
	if s.Flags&tcp.SYN != 0 {
		r.seq++
	}
	// What each of the three is shows in its flags: where they were captured in
	// another order the dissector knows the numbers already, and takes the SYN or
	// its answer for a repetition.
	switch {
	case s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN && t.syn < 0:
		t.syn, r.kind = at, dissect.HandshakeSYN
	case s.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN|tcp.ACK && t.accept < 0:
		t.accept, r.kind = at, dissect.HandshakeSYNACK
	case (t.syn >= 0 || t.accept >= 0) && t.opened < 0 && e.From == dissect.Client && s.Flags&(tcp.SYN|tcp.RST) == 0 && s.Flags&tcp.ACK != 0:
		t.opened = at
	case s.Flags&tcp.RST != 0 && e.From == dissect.Server && t.accept < 0 && t.refused < 0:
		t.refused = at
	}
	t.lost = t.lost || e.Lost > 0 || r.missing > 0
	if s.Flags&(tcp.FIN|tcp.RST) != 0 {
		t.over[e.From] = true
	}
	if r.missing > 0 && t.cutHead[e.From] < 0 && len(e.Units) == 0 && isHead(s.Payload) {
		t.cutHead[e.From] = at
	}
	for i := range e.Acked {
		key := place{e.Acked[i].From, e.Acked[i].End}
		if u, ok := t.unacked[key]; ok {
			r.acked = append(r.acked, u)
			delete(t.unacked, key)
		}
	}
	r.acked = append(r.acked, t.ackAhead(e)...)
	r.acksPart = len(r.acked) == 0 && s.Length == 0 && e.Kind == dissect.Plain && s.Flags&tcp.ACK != 0
	t.gaps.add(&r, e)
	t.records = append(t.records, r)
	for i := range e.Units {
		u := &e.Units[i]
		if u.Kind == dissect.FrameUnit && u.From == dissect.Client {
			t.flowing = true
		}
		if !t.readAhead(u) {
			t.unit(at, u)
		}
	}
	t.withheld(at, e)
	return at
}

func isHead(b []byte) bool {
	return len(b) >= 4 && (string(b[:4]) == "GET " || string(b[:4]) == "HTTP")
}

func (t *talk) unit(at int, u *dissect.Unit) {
	kept := unit{kind: u.Kind, from: u.From, start: u.Start, end: u.End, at: at, head: u.HTTP, frame: u.Frame.FrameHeader, cut: u.Frame.Cut}
	switch u.Kind {
	case dissect.RequestUnit:
		t.declined = false
		if k := u.HTTP.Get("Sec-WebSocket-Key"); k != "" {
			t.key = k
		}
	case dissect.ResponseUnit:
		t.declined = u.HTTP.Status() != 101
		if u.HTTP.Status() == 101 && deflate(u.HTTP) {
			t.compressed = true
		}
	case dissect.FrameUnit:
		t.chatting = true
		f := &u.Frame
		text := f.Payload
		if f.Message != nil {
			text = f.Message
			if f.RSV == 0 {
				kept.message, kept.chat = chat.Parse(text)
			}
		}
		kept.got = len(text)
		kept.text = string(text[:min(len(text), maxText)])
	}
	i := len(t.units)
	t.units = append(t.units, kept)
	t.unacked[place{u.From, u.End}] = i
	// Units are emitted in the order of their places but for a capture that
	// lost its place.
	list := t.sent[u.From]
	j := len(list)
	for j > 0 && tcp.Before(u.Start, t.units[list[j-1]].start) {
		j--
	}
	t.sent[u.From] = slices.Insert(list, j, i)
}

// carried gives the units that a record carries bytes of, in their order.
func (t *talk) carried(r *record) []int {
	if r.length == 0 {
		return nil
	}
	list := t.sent[r.from]
	first, _ := slices.BinarySearchFunc(list, r.seq, func(i int, seq uint32) int {
		if tcp.Before(seq, t.units[i].end) {
			return 1
		}
		return -1
	})
	last := first
	for last < len(list) && tcp.Before(t.units[list[last]].start, r.end()) {
		last++
	}
	return list[first:last]
}

// packets gives the numbers of the packets that carry a unit: those that first
// brought its bytes.
func (t *talk) packets(u *unit) []int {
	var numbers []int
	wanted := u.end - u.start
	for i := u.at; i >= 0 && wanted > 0; i-- {
		r := &t.records[i]
		if r.from != u.from || r.length == 0 || r.twice || r.kind == dissect.Retransmission || r.kind == dissect.KeepAlive {
			continue
		}
		if tcp.Before(r.seq, u.end) && tcp.Before(u.start, r.end()) {
			numbers = append(numbers, r.packet)
			from, to := max(0, tcp.Distance(u.start, r.seq)), min(tcp.Distance(u.start, u.end), tcp.Distance(u.start, r.end()))
			wanted -= min(wanted, uint32(to-from))
		}
	}
	slices.Sort(numbers)
	return numbers
}
