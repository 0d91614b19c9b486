// Package desk is the teacher's desk in a lesson: it knows who is there, sees on the
// wire who has come how far, gives each student their own packets, and takes captures
// that are handed in.
//
// A browser's page has a seat, by a cookie that nobody else sees. Which connection to
// the chat is whose the desk learns on the wire: before its page connects it is given
// a cookie for that one connection, which the browser sends with the handshake.
// A connection without one belongs to the page at its address if there is one only, or
// else has a seat of its own.
//
// What is shown of a student comes from the packets alone, by the same checker as that
// of captures; a page is believed nothing but which student sits before it.
package desk

import (
	"hash/maphash"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"chatlab/chatserver/chat"
	"chatlab/lab/check/steps"
	"chatlab/lab/class"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/dissect"
	"chatlab/webclient/wire"
)

// Options are a desk's settings.
type Options struct {
	// Wire is the whole wire, which the desk feeds.
	Wire *wire.Wire
	// Port is the chat server's, as the packets have it, and Stage where they pass.
	Port  uint16
	Stage string
	// Class is the class list, or nil: then whoever comes is a guest. Secret is
	// what the students' tasks and links are made of.
	Class  *class.Roster
	Secret string
	// Keep is where captures are kept.
	Keep *Keep
	// HandIn takes captures that students hand in.
	HandIn bool
	// Lost counts the packets that were not captured. nil: nobody counts them.
	Lost func() int
	// Client gives the true address of a connection that a relay makes on the stage.
	// nil: the packets have it.
	Client func(netip.AddrPort) netip.AddrPort
	// Clean has everybody leave the chat. nil: nobody can be made to.
	Clean func()
	// Log takes one line for each thing that a teacher may ask about afterwards.
	Log *slog.Logger
	Now func() time.Time
	// Text gives a random text of at least 128 bits, as crypto/rand.Text does.
	Text func() string
}

// Desk is an http.Handler for /desk/ and /class/. Its methods are safe for concurrent
// use.
type Desk struct {
	o   Options
	key string // of the teacher's link
	// tokens are those of the students' links, with their ids. Whoever tries many
	// costs no time in which others wait.
	tokens map[string]string
	mux    *http.ServeMux

	decoding  sync.Mutex // guards the next three
	segment   dissect.Segment
	tracker   dissect.Tracker
	annotator annotate.Annotator

	mu       sync.Mutex // guards what follows, and all seats and flows
	lesson   string     // distinguishes this lesson's rounds from another's
	round    int        // from 1
	began    time.Time  // the round
	paused   bool
	shared   bool // the whole wire is shown to all
	seats    []*seat
	bySecret map[string]*seat
	student  map[string]*seat   // by id
	handed   map[string]*handed // by id: it stays a student's, whatever seat they take
	visits   map[string]*visit
	flows    map[*dissect.Conversation]*flow
	order    []*flow // as they began
	byAddr   map[netip.AddrPort]*flow
	speakers map[string]*flow // by the id that the chat has given to who speaks
	lastSeat int
	earlier  []earlier     // captures of rounds that are over
	ticked   chan struct{} // closed and replaced at each Tick
	ended    bool

	uploads  limits
	taking   sync.WaitGroup // one for each capture that is handed in; none begins once ended
	checking chan struct{}  // one for each capture that is being checked
	lanes    [64]chan struct{}
	laneSeed maphash.Seed
}

// New makes a desk. Its wire shows the whole wire to browsers on this machine, until
// the teacher shares it.
func New(o Options) *Desk {
	if o.Lost == nil {
		o.Lost = func() int { return 0 }
	}
	if o.Client == nil {
		o.Client = func(a netip.AddrPort) netip.AddrPort { return a }
	}
	d := &Desk{
		o: o, key: o.Text(), lesson: o.Text()[:8], round: 1, began: o.Now(), shared: o.Wire.Shared(),
		tracker:   dissect.Tracker{ServerPort: o.Port},
		annotator: annotate.Annotator{Ack: func(e *dissect.Event) uint32 { return e.RelAck }},
		bySecret:  map[string]*seat{}, student: map[string]*seat{}, handed: map[string]*handed{}, visits: map[string]*visit{},
		flows: map[*dissect.Conversation]*flow{}, byAddr: map[netip.AddrPort]*flow{}, speakers: map[string]*flow{},
		ticked: make(chan struct{}), checking: make(chan struct{}, 2), laneSeed: maphash.MakeSeed(),
	}
	if o.Class != nil {
		d.tokens = make(map[string]string, len(o.Class.IDs))
		for _, id := range o.Class.IDs {
			d.tokens[class.Token(o.Secret, id)] = id
		}
	}
	for i := range d.lanes {
		d.lanes[i] = make(chan struct{}, 1)
	}
	d.mux = d.routes()
	return d
}

// Key is what the teacher's link carries: /class#key=KEY.
func (d *Desk) Key() string { return d.key }

// task is what a student is to do; a guest has none.
func (d *Desk) task(student string) (t steps.Task, ok bool) {
	if student == "" {
		return t, false
	}
	given := class.Assign(d.o.Secret, student)
	return steps.Task{Nick: given.Nick, Message: given.Message, Port: d.o.Port}, true
}

// Who gives what the chat server knows a connection by: the cookie that its page was
// given for it, or nothing.
func (d *Desk) Who(r *http.Request) string {
	if c, err := r.Cookie(VisitCookie); err == nil {
		return c.Value
	}
	return ""
}

// Refuse tells the chat server whether a message of who is connected from an address
// of the stage is to be delivered. who is what Who gave.
func (d *Desk) Refuse(from netip.AddrPort, who string) chat.Refusal {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.paused:
		return chat.Paused
	case d.muted(from, who):
		return chat.Muted
	}
	return chat.Granted
}

func (d *Desk) muted(from netip.AddrPort, who string) bool {
	addr := d.o.Client(from).Addr().Unmap()
	if s := d.visited(who, addr); s != nil {
		return s.muted
	}
	if f := d.byAddr[from]; f != nil && f.seat != nil {
		return f.seat.muted
	}
	// The packets may not have told yet whose it is. Whoever is muted stays so.
	return d.mutedAt(addr)
}

// mutedAt tells whether somebody at an address is muted.
func (d *Desk) mutedAt(addr netip.Addr) bool {
	return slices.ContainsFunc(d.seats, func(s *seat) bool { return s.muted && s.addr == addr })
}

// Tick judges what has changed and tells whoever watches. It is to be called about
// once a second.
func (d *Desk) Tick() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.o.Now()
	for _, s := range d.seats {
		d.judge(s, now)
	}
	close(d.ticked)
	d.ticked = make(chan struct{})
}

// Close ends what the desk's pages are sent, and no more comes. What is kept is the
// Keep's.
func (d *Desk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	for _, s := range d.seats {
		s.wire.Close()
	}
	close(d.ticked)
	d.ticked = make(chan struct{})
}

// Wait waits, after Close, until no capture is being handed in any more. It is to be
// called when the pages' connections are closed, and before the Keep is.
func (d *Desk) Wait() { d.taking.Wait() }

// judge looks at what a seat's packets show by now.
func (d *Desk) judge(s *seat, now time.Time) {
	if !s.changed || s.evidence == nil {
		return
	}
	s.changed = false
	task, ok := d.task(s.student)
	if !ok {
		task = guestTask(s.evidence)
	}
	// Whoever has not said yet who they are will be given a task.
	s.see(task, ok || d.o.Class == nil, now)
}
