package chat

import (
	"slices"
	"time"
)

// room is a room that has members. The hub's lock protects it.
type room[E comparable] struct {
	name    string
	outlet  Outlet[E]
	members []*Member[E] // in the order they joined
	// ears are the members' ears in the same order. The slice is replaced, not
	// changed, so that a Delivery can keep it.
	ears []E
}

func (r *room[E]) add(m *Member[E]) {
	r.members = append(r.members, m)
	ears := make([]E, len(r.ears)+1)
	copy(ears, r.ears)
	ears[len(r.ears)] = m.ear
	r.ears = ears
}

func (r *room[E]) remove(m *Member[E]) {
	i := slices.Index(r.members, m)
	r.members = slices.Delete(r.members, i, i+1)
	r.ears = r.earsWithout(i)
}

func (r *room[E]) earsWithout(i int) []E {
	ears := make([]E, 0, len(r.ears)-1)
	ears = append(ears, r.ears[:i]...)
	return append(ears, r.ears[i+1:]...)
}

// tellLogin makes the login of m heard, in the way of the version m knows.
func (r *room[E]) tellLogin(m *Member[E], now time.Time) {
	login := Event{Kind: Login, At: now, From: m.person}
	if m.manners == Of2014 {
		list := Event{Kind: List, At: now, From: m.person, Everybody: r.everybody(nil)}
		r.outlet.Deliver(
			Delivery[E]{Event: &list, First: m.ear},
			Delivery[E]{Event: &login, First: m.ear, To: r.ears},
		)
		return
	}
	welcome := Event{Kind: Welcome, At: now, From: m.person, Everybody: r.everybody(m)}
	r.outlet.Deliver(
		Delivery[E]{Event: &login, To: r.earsWithout(slices.Index(r.members, m))},
		Delivery[E]{Event: &welcome, First: m.ear},
	)
}

// everybody lists the room in the order of joining, but last at the end.
func (r *room[E]) everybody(last *Member[E]) []Person {
	ps := make([]Person, 0, len(r.members))
	for _, m := range r.members {
		if m != last {
			ps = append(ps, m.person)
		}
	}
	if last != nil {
		ps = append(ps, last.person)
	}
	return ps
}
