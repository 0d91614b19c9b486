package chat

// Manners are the rules of the version a member speaks.
type Manners uint8

const (
	// OfToday: a newcomer hears of its own login after the others, with the list
	// of who is here; who speaks to one member hears an echo.
	OfToday Manners = iota
	// Of2014: a newcomer hears who is here, and then of its own login before the
	// others do; who speaks to one member hears nothing.
	Of2014
)

// Member is somebody connected, in a room or not yet.
type Member[E comparable] struct {
	ear     E
	manners Manners
	person  Person
	room    *room[E] // nil: in none
}

// Person returns what others know of m. It must not be called while m joins.
func (m *Member[E]) Person() Person { return m.person }

// Room returns the name of the room m is in, and whether it is in one. It must
// not be called while m joins or leaves.
func (m *Member[E]) Room() (string, bool) {
	if m.room == nil {
		return "", false
	}
	return m.room.name, true
}

// Outlet returns the outlet of the room m is in, or nil.
func (m *Member[E]) Outlet() Outlet[E] {
	if m.room == nil {
		return nil
	}
	return m.room.outlet
}
