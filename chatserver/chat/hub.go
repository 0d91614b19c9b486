// Package chat knows members, rooms and messages: who gets what, in which order.
// It knows neither sockets nor what a message looks like on the wire.
//
// The order is the chat's contract: the sender gets its own message first, then
// the others of the room get it in the order they joined. Whoever joins later or
// has left does not get it.
package chat

import (
	"errors"
	"sync"
	"time"
)

// Errors of Join. The member stays where it was.
var (
	ErrClosed         = errors.New("the chat is closed")
	ErrTooManyMembers = errors.New("too many members")
	ErrTooManyRooms   = errors.New("too many rooms")
)

// Delivery is one event and who gets it.
type Delivery[S comparable] struct {
	Event *Event
	// First gets it before all others, if it is not S's zero value. It is among
	// To, unless To is empty.
	First S
	// To get it in this order, First not a second time. The slice does not change
	// any more.
	To []S
}

// Broadcaster fans out the events of one room. S is a subscriber, by which one
// member is reached; its zero value is nobody.
type Broadcaster[S comparable] interface {
	// Broadcast takes the events that one action of a member causes, in order. It
	// is called with the hub's lock held, so it must neither wait nor call the hub.
	Broadcast(ds ...Delivery[S])
	// Flush is called after each Broadcast, without the lock. by is the subscriber
	// of the member that acted. Flush may wait, which is backpressure on that
	// member. It may also put the sending off until nothing more is to be read
	// from that member.
	Flush(by S)
}

// Options are a hub's settings. A limit of 0 is none.
type Options struct {
	Clock      func() time.Time
	MaxMembers int
	MaxRooms   int
}

// Hub holds the rooms. Its methods may be called from any goroutine, but those
// that take a Member from one at a time for each member.
type Hub[S comparable] struct {
	opts           Options
	newBroadcaster func(room string) Broadcaster[S]

	mu       sync.Mutex
	closed   bool
	rooms    map[string]*room[S]
	byUID    map[int64]*Member[S]
	bySerial map[uint32]*Member[S]
	ids      *ids
}

// NewHub makes an empty hub. newBroadcaster is called, with the hub's lock held,
// for each room that is created. A room is removed when its last member leaves.
func NewHub[S comparable](opts Options, newBroadcaster func(room string) Broadcaster[S]) *Hub[S] {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	return newHub(opts, newBroadcaster, &ids{})
}

// Next makes an empty hub like h. Its members get numbers that none of h's had, so
// that a number is one member's.
func (h *Hub[S]) Next() *Hub[S] { return newHub(h.opts, h.newBroadcaster, h.ids) }

func newHub[S comparable](opts Options, newBroadcaster func(room string) Broadcaster[S], ids *ids) *Hub[S] {
	return &Hub[S]{
		ids:            ids,
		opts:           opts,
		newBroadcaster: newBroadcaster,
		rooms:          make(map[string]*room[S]),
		byUID:          make(map[int64]*Member[S]),
		bySerial:       make(map[uint32]*Member[S]),
	}
}

// Connect makes a member that is in no room yet. Nobody else has its UID and
// Serial until Disconnect.
func (h *Hub[S]) Connect(subscriber S) *Member[S] {
	return &Member[S]{subscriber: subscriber, person: h.ids.allocate(h.opts.Clock())}
}

// Disconnect ends what Connect began; the member leaves its room if it is in one.
func (h *Hub[S]) Disconnect(m *Member[S]) {
	h.Leave(m)
	h.ids.release(m.person)
}

// Join brings m into a room under a name. If it is there already, it gets that name
// and keeps its place. A member of another room must Leave that one first.
func (h *Hub[S]) Join(m *Member[S], version Version, name, roomName string) error {
	r, err := h.join(m, version, name, roomName)
	if err != nil {
		return err
	}
	r.broadcaster.Flush(m.subscriber)
	return nil
}

func (h *Hub[S]) join(m *Member[S], version Version, name, roomName string) (*room[S], error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return nil, ErrClosed
	case m.room == nil:
		if err := h.enter(m, roomName); err != nil {
			return nil, err
		}
	case m.room.name != roomName:
		return nil, errors.New("a member of another room")
	}
	m.version, m.person.Name = version, name
	m.room.announceLogin(m, h.opts.Clock())
	return m.room, nil
}

// enter adds m to a room, which is created if there is none of that name.
func (h *Hub[S]) enter(m *Member[S], roomName string) error {
	r := h.rooms[roomName]
	switch {
	case h.opts.MaxMembers > 0 && len(h.bySerial) >= h.opts.MaxMembers:
		return ErrTooManyMembers
	case r == nil && h.opts.MaxRooms > 0 && len(h.rooms) >= h.opts.MaxRooms:
		return ErrTooManyRooms
	case r == nil:
		r = &room[S]{name: roomName, broadcaster: h.newBroadcaster(roomName)}
		h.rooms[roomName] = r
	}
	r.add(m)
	m.room = r
	h.byUID[m.person.UID] = m
	h.bySerial[m.person.Serial] = m
	return nil
}

// Leave takes m out of its room and tells the others. It does nothing if m is in no
// room.
func (h *Hub[S]) Leave(m *Member[S]) {
	if r := h.leave(m); r != nil {
		r.broadcaster.Flush(m.subscriber)
	}
}

// leave returns the room that is told, if any.
func (h *Hub[S]) leave(m *Member[S]) *room[S] {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := m.room
	if r == nil {
		return nil
	}
	r.remove(m)
	m.room = nil
	delete(h.byUID, m.person.UID)
	delete(h.bySerial, m.person.Serial)
	if len(r.members) == 0 {
		delete(h.rooms, r.name)
		return nil
	}
	if h.closed {
		return nil
	}
	r.broadcaster.Broadcast(Delivery[S]{
		Event: &Event{Kind: Logout, At: h.opts.Clock(), From: m.person},
		To:    r.subscribers,
	})
	return r
}

// Say sends content to everybody in m's room, m first; or to one member of any
// room, and then, in m's version Today, its echo to m. It reports false if m is
// in no room or the hub is closed.
func (h *Hub[S]) Say(m *Member[S], to Target, content string) bool {
	h.mu.Lock()
	r := m.room
	if r == nil || h.closed {
		h.mu.Unlock()
		return false
	}
	ev := Event{At: h.opts.Clock(), From: m.person, Target: to, Content: content}
	if to.All {
		ev.Kind = Say
		r.broadcaster.Broadcast(Delivery[S]{Event: &ev, First: m.subscriber, To: r.subscribers})
		h.mu.Unlock()
		r.broadcaster.Flush(m.subscriber)
		return true
	}
	other := h.recipient(to)
	if other != nil {
		ev.Kind, ev.To = Private, other.person
		other.room.broadcaster.Broadcast(Delivery[S]{Event: &ev, First: other.subscriber})
	}
	if m.version == Today {
		ev.Kind = Echo
		r.broadcaster.Broadcast(Delivery[S]{Event: &ev, First: m.subscriber})
	}
	var elsewhere Broadcaster[S]
	if other != nil && other.room != r {
		elsewhere = other.room.broadcaster
	}
	h.mu.Unlock()
	if elsewhere != nil {
		elsewhere.Flush(m.subscriber)
	}
	r.broadcaster.Flush(m.subscriber)
	return true
}

// Refuse tells m, in its version Today, that a message is not delivered, and why. It
// comes behind what m has said before. 2014 knows no such thing.
func (h *Hub[S]) Refuse(m *Member[S], to Target, content string, why Refusal) {
	h.mu.Lock()
	r := m.room
	if r == nil || h.closed {
		h.mu.Unlock()
		return
	}
	ev := Event{Kind: Refused, At: h.opts.Clock(), From: m.person, Target: to, Content: content, Why: why}
	r.broadcaster.Broadcast(Delivery[S]{Event: &ev, First: m.subscriber})
	h.mu.Unlock()
	r.broadcaster.Flush(m.subscriber)
}

func (h *Hub[S]) recipient(to Target) *Member[S] {
	if to.UID != 0 {
		return h.byUID[to.UID]
	}
	return h.bySerial[to.Serial]
}

// Close ends all broadcasts: nobody joins any more, Say does nothing, and members
// leave without a Logout being sent.
func (h *Hub[S]) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
}

// Broadcasters returns the broadcasters of all rooms.
func (h *Hub[S]) Broadcasters() []Broadcaster[S] {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Broadcaster[S]
	for _, r := range h.rooms {
		all = append(all, r.broadcaster)
	}
	return all
}

// Size returns how many members and rooms there are, and how many are connected, to
// hubs before this one too.
func (h *Hub[S]) Size() (members, rooms, connected int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.bySerial), len(h.rooms), h.ids.size()
}
