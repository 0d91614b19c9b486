package desk

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/sniffer/annotate"
	"chatlab/webclient/wire"
)

const (
	// maxSeats bounds the seats, and maxSeatsOfAddress those without a student that
	// one address may have: a class behind one address (NAT) must fit.
	maxSeats, maxSeatsOfAddress = 2048, 256
	// seatPackets and seatBytes bound what a seat's wire keeps for its page.
	seatPackets, seatBytes = 500, 2 << 20
	// maxEvidence bounds the packets, maxSaid the bytes of the browser's and maxTries the
	// connections that a seat is judged by; a seat that has more is judged no further in
	// this round.
	maxEvidence, maxSaid, maxTries = 1500, 4 << 20, 200
)

// seat is one page, or one student's pages, or what connects without a page.
type seat struct {
	number  int    // from 1
	secret  string // of the page's cookie; empty: there is no page
	student string // id of the class list, or empty
	addr    netip.Addr
	pages   int // that are open
	seen    time.Time
	muted   bool
	visits  []string // the cookies of its last connections
	wire    *wire.Wire
	kept    *capture
	keptIn  int     // the round of kept
	handed  *handed // the student's, or the guest's own
	busy    bool    // a capture of its is being taken

	// Of this round:
	captures int // that were begun
	flows    int // that are open
	evidence *evidence.Capture
	said     int // bytes that evidence has from the browser
	changed  bool
	done     bool // every step was found
	name     string
	steps    []steps.Step
	step     annotate.Step // the first that was not found
	since    time.Time     // in that step
	heard    map[int]bool  // the seats by number
}

// handed is what a student has handed in.
type handed struct {
	Files int `json:"files"`
	Found int `json:"found"` // of the best
	Of    int `json:"of"`
}

// newSeat makes a seat, or gives nil if there are too many.
func (d *Desk) newSeat(addr netip.Addr, withPage bool) *seat {
	addr = addr.Unmap()
	of := 0
	for _, s := range d.seats {
		if s.student == "" && s.addr == addr {
			of++
		}
	}
	if of >= maxSeatsOfAddress || len(d.seats) >= maxSeats {
		if !d.vacate(addr, of >= maxSeatsOfAddress) {
			return nil
		}
	}
	d.lastSeat++
	// Whoever is muted stays so in another window, and without one.
	s := &seat{number: d.lastSeat, handed: &handed{}, addr: addr, seen: d.o.Now(), muted: d.mutedAt(addr)}
	s.begin(d, s.seen)
	if withPage {
		s.secret = d.o.Text()
		d.bySecret[s.secret] = s
	}
	d.seats = append(d.seats, s)
	return s
}

// vacate takes away a seat that is no student's, with nothing handed in: the one that was
// used longest ago of those without a page or a connection. Where the desk is full of
// others, it is one of the address that has most, if that has more than addr: whoever
// takes all seats, from whatever addresses, keeps out nobody.
func (d *Desk) vacate(addr netip.Addr, ofAddress bool) bool {
	has := map[netip.Addr]int{}
	for _, s := range d.seats {
		if s.fleeting() {
			has[s.addr]++
		}
	}
	crowd, most := addr, has[addr]+1
	for a, n := range has {
		if n > most {
			crowd, most = a, n
		}
	}
	idle, crowded := -1, -1
	oldest := func(i, than int) bool { return than < 0 || d.seats[i].seen.Before(d.seats[than].seen) }
	for i, s := range d.seats {
		if !s.fleeting() || ofAddress && s.addr != addr {
			continue
		}
		if s.pages == 0 && s.flows == 0 && oldest(i, idle) {
			idle = i
		}
		if s.addr == crowd && crowd != addr && oldest(i, crowded) {
			crowded = i
		}
	}
	at := idle
	if at < 0 && !ofAddress {
		at = crowded
	}
	if at < 0 {
		return false
	}
	s := d.seats[at]
	d.seats = slices.Delete(d.seats, at, at+1)
	d.leave(s)
	s.wire.Close()
	d.o.Keep.end(s.kept)
	if s.kept != nil {
		d.o.Keep.remove(s.kept.name) // its packets are in the whole capture
	}
	return true
}

// fleeting tells whether a seat may be taken away.
func (s *seat) fleeting() bool { return s.student == "" && s.handed.Files == 0 && !s.busy }

// leave takes what leads to a seat.
func (d *Desk) leave(s *seat) {
	delete(d.bySecret, s.secret)
	for _, v := range s.visits {
		delete(d.visits, v)
	}
	s.visits = nil
	for _, f := range d.order {
		if f.seat == s {
			f.seat = nil
		}
	}
}

// begin begins a round.
func (s *seat) begin(d *Desk, now time.Time) {
	if s.wire != nil {
		s.wire.Close()
	}
	s.wire = wire.New(wire.Options{Port: d.o.Port, Packets: seatPackets, Bytes: seatBytes, Viewers: 8})
	s.wire.SetStatus(wire.Status{Running: true})
	if s.kept != nil {
		d.o.Keep.end(s.kept)
		if len(d.earlier) < maxEarlier {
			d.earlier = append(d.earlier, earlier{s.called(), s.keptIn, s.kept})
		}
	}
	s.kept = nil
	s.flows, s.name, s.heard = 0, "", map[int]bool{}
	s.restart(d, now)
}

// restart judges the seat from its next packet on.
func (s *seat) restart(d *Desk, now time.Time) {
	s.evidence, s.said, s.changed, s.done = &evidence.Capture{Port: d.o.Port}, 0, false, false
	s.steps, _ = check.Steps(s.evidence, steps.Task{})
	s.step, s.since = s.steps[0].ID, now
}

// guestTask is the task that a guest gave themselves: any nickname, any message.
func guestTask(c *evidence.Capture) steps.Task {
	_, best := check.Steps(c, steps.Task{})
	return steps.Task{Nick: best.Taken, Message: best.Said, Port: c.Port}
}

// see judges the seat's packets.
func (s *seat) see(task steps.Task, final bool, now time.Time) {
	judged, best := check.Steps(s.evidence, task)
	s.steps, s.name = judged, cmp.Or(best.Taken, s.name)
	step := annotate.Step("")
	for i := range judged {
		if judged[i].Status != steps.Found {
			step = judged[i].ID
			break
		}
	}
	if step != s.step {
		s.step, s.since = step, now
	}
	s.done = step == ""
	s.evidence.Thin()
	switch {
	case s.done && final, s.evidence.Kept() > maxEvidence, s.said > maxSaid, len(s.evidence.Conversations) > maxTries:
		s.evidence = nil // nothing more is to be learned, or too much
	}
}
