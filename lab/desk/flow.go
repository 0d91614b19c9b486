package desk

import (
	"net/netip"
	"slices"
	"strings"

	"chatlab/lab/check/steps"
	pcap "chatlab/sniffer/capture"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
	"chatlab/webclient/wire"
)

const (
	// maxFlows bounds the connections that are followed; of more the one that is missed
	// least is forgotten. Their packets are still in the whole capture.
	maxFlows = 1024
	// maxWaiting bounds the packets, and maxWaitingBytes their bytes, that wait until
	// it is known whose a connection is.
	maxWaiting, maxWaitingBytes = 32, 64 << 10
)

// flow is a connection to the chat.
type flow struct {
	of      *dissect.Conversation
	client  netip.AddrPort // as the packets have it
	addr    netip.Addr     // the true one
	seat    *seat          // nil: not known yet
	round   int
	open    bool
	id      string // that the chat has given to who speaks, or empty
	waiting []waiting
	bytes   int
}

// waiting is a packet of a connection of which nobody knows yet whose it is.
type waiting struct {
	packet pcap.Packet
	shown  *wire.Packet
}

// visit is a cookie for one connection.
type visit struct {
	seat *seat
	used netip.Addr // by a connection from there
}

// VisitCookie is the name of the cookie by which a connection is known.
const VisitCookie = "visit"

// Observe takes the next packet of the wire. It keeps nothing of it. Calls must not be
// concurrent with each other.
func (d *Desk) Observe(p *pcap.Packet) {
	d.decoding.Lock()
	defer d.decoding.Unlock()
	s := &d.segment
	if s.Decode(p) != nil || s.Src.Port() != d.o.Port && s.Dst.Port() != d.o.Port {
		return
	}
	e := d.tracker.Add(s)
	shown := wire.Describe(e, d.annotator.Add(e))
	d.o.Wire.Show(shown)
	d.o.Keep.whole.write(p)
	for _, kept := range d.assign(e, shown) {
		kept.to.write(&kept.packet)
	}
}

// toKeep is a packet that is to be kept for a seat.
type toKeep struct {
	to     *capture
	packet pcap.Packet
}

// assign gives a packet to the seat whose it is, or has it wait.
func (d *Desk) assign(e *dissect.Event, shown *wire.Packet) (keep []toKeep) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.flow(e.Conversation)
	if f.round != d.round {
		return nil // what is left of a round that is over
	}
	was := f.seat
	if f.seat == nil {
		f.seat = d.whose(f, e)
		f.wait(e, shown)
		if f.seat == nil {
			if e.Segment.Flags&(tcp.FIN|tcp.RST) != 0 {
				f.open, f.waiting = false, nil
			}
			return nil
		}
		if f.open {
			f.seat.flows++
		}
		waited := f.waiting
		f.waiting, f.bytes = nil, 0
		for i := range waited {
			var s dissect.Segment
			if s.Decode(&waited[i].packet) == nil {
				keep = append(keep, d.add(f.seat, &s, waited[i].shown))
			}
		}
	} else {
		keep = append(keep, d.add(f.seat, e.Segment, shown))
	}
	if e.Segment.Flags&(tcp.FIN|tcp.RST) != 0 && f.open {
		f.open = false
		f.seat.flows--
	}
	if was != nil || len(keep) > 0 {
		d.hear(f, e)
	}
	return keep
}

// add adds a packet to what a seat has.
func (d *Desk) add(s *seat, segment *dissect.Segment, shown *wire.Packet) toKeep {
	s.wire.Show(shown)
	s.seen = d.o.Now()
	if s.evidence != nil {
		s.evidence.Segment(segment)
		if segment.Dst.Port() == d.o.Port {
			s.said += segment.Length
		}
		s.changed = true
	}
	if s.kept == nil {
		s.kept, s.keptIn = d.o.Keep.forSeat(s, d.round), d.round
	}
	return toKeep{s.kept, *segment.Packet}
}

// wait keeps a packet until its flow has a seat.
func (f *flow) wait(e *dissect.Event, shown *wire.Packet) {
	p := *e.Segment.Packet
	if len(f.waiting) >= maxWaiting || f.bytes+len(p.Data) > maxWaitingBytes {
		return // it is nobody's, as it seems
	}
	p.Data = slices.Clone(p.Data)
	f.waiting, f.bytes = append(f.waiting, waiting{p, shown}), f.bytes+len(p.Data)
}

// flow gives the flow of a conversation.
func (d *Desk) flow(c *dissect.Conversation) *flow {
	f := d.flows[c]
	if f != nil {
		return f
	}
	f = &flow{of: c, client: c.Client, addr: d.o.Client(c.Client).Addr().Unmap(), round: d.round, open: true}
	d.flows[c], d.byAddr[c.Client] = f, f
	if len(d.order) >= maxFlows {
		i := d.expendable()
		d.forget(d.order[i])
		d.order = slices.Delete(d.order, i, i+1)
	}
	d.order = append(d.order, f)
	return f
}

// expendable gives the place of the flow that is missed least: one that is over, else one
// of which nobody knows whose it is, else one of the seat that has most; of these the
// oldest. So whoever connects without end forgets their own.
func (d *Desk) expendable() int {
	unknown, crowded := -1, 0
	for i, f := range d.order {
		switch {
		case !f.open || f.round != d.round:
			return i
		case f.seat == nil:
			if unknown < 0 {
				unknown = i
			}
		case d.order[crowded].seat == nil || f.seat.flows > d.order[crowded].seat.flows:
			crowded = i
		}
	}
	if unknown >= 0 {
		return unknown
	}
	return crowded
}

func (d *Desk) forget(f *flow) {
	delete(d.flows, f.of)
	if d.byAddr[f.client] == f {
		delete(d.byAddr, f.client)
	}
	if d.speakers[f.id] == f {
		delete(d.speakers, f.id)
	}
	if f.seat != nil && f.open && f.round == d.round {
		f.seat.flows--
	}
}

// whose gives the seat of a flow, if the packet tells.
func (d *Desk) whose(f *flow, e *dissect.Event) *seat {
	for i := range e.Units {
		u := &e.Units[i]
		if u.From != dissect.Client {
			continue
		}
		if u.Kind == dissect.RequestUnit {
			if s := d.visited(cookie(u.HTTP, VisitCookie), f.addr); s != nil {
				return s
			}
			if s := d.only(f.addr); s != nil {
				return s
			}
			continue
		}
		said := u.Frame.Said()
		if said == nil {
			continue
		}
		if m, ok := chat.Parse(said); ok && m.Type == chat.Login {
			return d.named(m.Name, f.addr)
		}
	}
	return nil
}

// visited gives the seat that a cookie for one connection was given to. Whoever has
// seen it on the wire cannot use it again from elsewhere.
func (d *Desk) visited(name string, from netip.Addr) *seat {
	v := d.visits[name]
	if v == nil || v.used.IsValid() && v.used != from {
		return nil
	}
	v.used = from
	return v.seat
}

// only gives the seat of the page at an address if there is one, and no other.
func (d *Desk) only(addr netip.Addr) (only *seat) {
	for _, s := range d.seats {
		if s.secret == "" || s.addr != addr || s.pages == 0 {
			continue
		}
		if only != nil {
			return nil
		}
		only = s
	}
	return only
}

// named gives the seat of whoever takes a nickname at an address: the student's whose
// task it is, or one without a page.
func (d *Desk) named(name string, addr netip.Addr) *seat {
	var other *seat
	for _, s := range d.seats {
		if s.addr != addr {
			continue
		}
		if t, ok := d.task(s.student); ok && t.Nick == name {
			return s
		}
		if s.secret == "" && s.name == name {
			other = s
		}
	}
	if other == nil {
		if other = d.newSeat(addr, false); other != nil {
			other.name = name
		}
	}
	return other
}

// cookie gives the value of a request's cookie (RFC 6265 §4.2.1), or nothing.
func cookie(h *dissect.Head, name string) string {
	if h == nil {
		return ""
	}
	for pair := range strings.SplitSeq(h.Get("Cookie"), ";") {
		if key, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && key == name {
			return value
		}
	}
	return ""
}

// hear learns who is who, and notes who was sent what others have said.
func (d *Desk) hear(f *flow, e *dissect.Event) {
	for i := range e.Units {
		u := &e.Units[i]
		if u.From != dissect.Server || !u.IsFrame() {
			continue
		}
		said := u.Frame.Said()
		if said == nil {
			continue
		}
		m, ok := chat.Parse(said)
		switch {
		case !ok:
		case m.Members != nil:
			if id := m.Newcomer(); id != "" {
				delete(d.speakers, f.id)
				f.id = id
				d.speakers[id] = f
			}
		case m.Type == chat.Say && m.To == chat.Everybody:
			from := d.speakers[m.ID]
			if from == nil || from.seat == nil || from.seat == f.seat || from.round != f.round {
				continue
			}
			if t, ok := d.task(from.seat.student); !ok || steps.Says(t.Message, m.Content) {
				from.seat.heard[f.seat.number] = true
			}
		}
	}
}
