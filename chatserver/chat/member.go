package chat

// Version is the version of the chat that a member speaks. It decides which
// events the member gets.
type Version uint8

const (
	// Today: a newcomer gets its own login after the others, as a Welcome with
	// the list of who is here. The sender of a private message gets an Echo.
	Today Version = iota
	// V2014: a newcomer gets a List of who is here, and then its own login before
	// the others do. The sender of a private message gets nothing.
	V2014
	Versions = 2 // how many there are
)

func (v Version) String() string {
	if v == V2014 {
		return "2014"
	}
	return "today"
}

// Member is somebody connected, in a room or not yet.
type Member[S comparable] struct {
	subscriber S
	version    Version
	person     Person
	room       *room[S] // nil: in none
}

// Person returns what others know of m. It must not be called while m joins.
func (m *Member[S]) Person() Person { return m.person }

// Room returns the name of the room m is in, and whether it is in one. It must
// not be called while m joins or leaves.
func (m *Member[S]) Room() (string, bool) {
	if m.room == nil {
		return "", false
	}
	return m.room.name, true
}

// Broadcaster returns the broadcaster of the room m is in, or nil.
func (m *Member[S]) Broadcaster() Broadcaster[S] {
	if m.room == nil {
		return nil
	}
	return m.room.broadcaster
}
