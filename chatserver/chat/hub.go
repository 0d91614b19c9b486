// Package chat knows members, rooms and messages: who hears what, in which
// order. It knows neither sockets nor what a message looks like on the wire.
//
// The order is the chat's contract: who speaks hears itself first, then the
// others of the room hear it in the order they joined. Whoever comes later or
// has left does not hear it.
package chat

import (
	"errors"
	"sync"
	"time"
)

// Errors of Join. The member stays where it was.
var (
	ErrClosed  = errors.New("the chat is closed")
	ErrMembers = errors.New("too many members")
	ErrRooms   = errors.New("too many rooms")
)

// Delivery is one event and who hears it.
type Delivery[E comparable] struct {
	Event *Event
	// First hears it before all others, if it is not E's zero value. It is among
	// To, unless To is empty.
	First E
	// To hear it in this order, First not a second time. It does not change any
	// more.
	To []E
}

// An Outlet takes what is to be heard in one room. E is how one member is
// reached (an ear); its zero value is nobody.
type Outlet[E comparable] interface {
	// Deliver takes what one deed of a member makes heard, in order. The hub's
	// lock is held: it must neither wait nor call the hub.
	Deliver(ds ...Delivery[E])
	// Flush is called after each Deliver, without the lock, with the ear of the
	// member whose deed it was. It may wait, and so slow that member down; or see
	// to it that what was delivered is sent when that member has done all it is
	// about to do.
	Flush(by E)
}

// Options are a hub's settings. A limit of 0 is none.
type Options struct {
	Clock      func() time.Time
	MaxMembers int
	MaxRooms   int
}

// Hub holds the rooms. Its methods may be called from any goroutine, but those
// that take a Member from one at a time for each member.
type Hub[E comparable] struct {
	opts      Options
	newOutlet func(room string) Outlet[E]

	mu       sync.Mutex
	closed   bool
	rooms    map[string]*room[E]
	byUID    map[int64]*Member[E]
	bySerial map[uint32]*Member[E]
	ids      ids
}

// NewHub makes an empty hub. newOutlet is called, with the hub's lock held, for
// each room that comes into being; a room that its last member leaves is
// forgotten.
func NewHub[E comparable](opts Options, newOutlet func(room string) Outlet[E]) *Hub[E] {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	return &Hub[E]{
		opts:      opts,
		newOutlet: newOutlet,
		rooms:     make(map[string]*room[E]),
		byUID:     make(map[int64]*Member[E]),
		bySerial:  make(map[uint32]*Member[E]),
	}
}

// Connect makes a member that is in no room yet. Its numbers are its own until
// Forget.
func (h *Hub[E]) Connect(ear E) *Member[E] {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &Member[E]{ear: ear, person: h.ids.take(h.opts.Clock())}
}

// Forget ends what Connect began; the member leaves its room if it is in one.
func (h *Hub[E]) Forget(m *Member[E]) {
	h.Leave(m)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids.free(m.person)
}

// Join brings m into a room under a name, or, if it is there already, gives it
// that name; it keeps its place then. A member of another room must Leave that
// one first.
func (h *Hub[E]) Join(m *Member[E], manners Manners, name, roomName string) error {
	h.mu.Lock()
	r := m.room
	switch {
	case h.closed:
		h.mu.Unlock()
		return ErrClosed
	case r == nil && h.opts.MaxMembers > 0 && len(h.bySerial) >= h.opts.MaxMembers:
		h.mu.Unlock()
		return ErrMembers
	case r == nil:
		if r = h.rooms[roomName]; r == nil {
			if h.opts.MaxRooms > 0 && len(h.rooms) >= h.opts.MaxRooms {
				h.mu.Unlock()
				return ErrRooms
			}
			r = &room[E]{name: roomName, outlet: h.newOutlet(roomName)}
			h.rooms[roomName] = r
		}
		r.add(m)
		m.room = r
		h.byUID[m.person.UID] = m
		h.bySerial[m.person.Serial] = m
	case r.name != roomName:
		h.mu.Unlock()
		return errors.New("a member of another room")
	}
	m.manners, m.person.Name = manners, name
	r.tellLogin(m, h.opts.Clock())
	h.mu.Unlock()
	r.outlet.Flush(m.ear)
	return nil
}

// Leave takes m out of its room, and tells the room. It does nothing if m is in
// none.
func (h *Hub[E]) Leave(m *Member[E]) {
	h.mu.Lock()
	r := m.room
	if r == nil {
		h.mu.Unlock()
		return
	}
	r.remove(m)
	m.room = nil
	delete(h.byUID, m.person.UID)
	delete(h.bySerial, m.person.Serial)
	if len(r.members) == 0 {
		delete(h.rooms, r.name)
	}
	if len(r.members) == 0 || h.closed {
		h.mu.Unlock()
		return
	}
	r.outlet.Deliver(Delivery[E]{
		Event: &Event{Kind: Logout, At: h.opts.Clock(), From: m.person},
		To:    r.ears,
	})
	h.mu.Unlock()
	r.outlet.Flush(m.ear)
}

// Say makes content heard: by everybody in m's room, m first; or by one member,
// of whichever room, and then, if it is among m's manners, by m. It reports
// false if nobody hears it because m is in no room or the hub is closed.
func (h *Hub[E]) Say(m *Member[E], to Target, content string) bool {
	h.mu.Lock()
	r := m.room
	if r == nil || h.closed {
		h.mu.Unlock()
		return false
	}
	ev := Event{At: h.opts.Clock(), From: m.person, Target: to, Content: content}
	if to.All {
		ev.Kind = Say
		r.outlet.Deliver(Delivery[E]{Event: &ev, First: m.ear, To: r.ears})
		h.mu.Unlock()
		r.outlet.Flush(m.ear)
		return true
	}
	other := h.find(to)
	if other != nil {
		ev.Kind, ev.To = Private, other.person
		other.room.outlet.Deliver(Delivery[E]{Event: &ev, First: other.ear})
	}
	if m.manners == OfToday {
		ev.Kind = Echo
		r.outlet.Deliver(Delivery[E]{Event: &ev, First: m.ear})
	}
	var elsewhere Outlet[E]
	if other != nil && other.room != r {
		elsewhere = other.room.outlet
	}
	h.mu.Unlock()
	if elsewhere != nil {
		elsewhere.Flush(m.ear)
	}
	r.outlet.Flush(m.ear)
	return true
}

func (h *Hub[E]) find(to Target) *Member[E] {
	if to.UID != 0 {
		return h.byUID[to.UID]
	}
	return h.bySerial[to.Serial]
}

// Close ends the talk: nobody joins any more, what is said is not heard, and those
// who leave, who are all, leave without a word.
func (h *Hub[E]) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
}

// Outlets returns the outlets of all rooms.
func (h *Hub[E]) Outlets() []Outlet[E] {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Outlet[E]
	for _, r := range h.rooms {
		all = append(all, r.outlet)
	}
	return all
}

// Size returns how many members and rooms there are, and how many are connected.
func (h *Hub[E]) Size() (members, rooms, connected int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.bySerial), len(h.rooms), len(h.ids.taken)
}
