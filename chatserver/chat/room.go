package chat

import (
	"slices"
	"time"
)

// room is a room that has members. The hub's lock protects it.
type room[S comparable] struct {
	name        string
	broadcaster Broadcaster[S]
	members     []*Member[S] // in the order they joined
	// subscribers are the members' in the same order. The slice is replaced, not
	// changed, so that a Delivery can keep it.
	subscribers []S
}

func (r *room[S]) add(m *Member[S]) {
	r.members = append(r.members, m)
	r.subscribers = append(slices.Clip(r.subscribers), m.subscriber)
}

func (r *room[S]) remove(m *Member[S]) {
	i := slices.Index(r.members, m)
	r.members = slices.Delete(r.members, i, i+1)
	r.subscribers = r.subscribersWithout(i)
}

func (r *room[S]) subscribersWithout(i int) []S {
	return slices.Delete(slices.Clone(r.subscribers), i, i+1)
}

// announceLogin broadcasts the login of m, as m's version wants it.
func (r *room[S]) announceLogin(m *Member[S], now time.Time) {
	login := Event{Kind: Login, At: now, From: m.person}
	if m.version == V2014 {
		list := Event{Kind: List, At: now, From: m.person, Members: r.people(nil)}
		r.broadcaster.Broadcast(
			Delivery[S]{Event: &list, First: m.subscriber},
			Delivery[S]{Event: &login, First: m.subscriber, To: r.subscribers},
		)
		return
	}
	welcome := Event{Kind: Welcome, At: now, From: m.person, Members: r.people(m)}
	r.broadcaster.Broadcast(
		Delivery[S]{Event: &login, To: r.subscribersWithout(slices.Index(r.members, m))},
		Delivery[S]{Event: &welcome, First: m.subscriber},
	)
}

// people lists the room in the order of joining, except that last comes last.
func (r *room[S]) people(last *Member[S]) []Person {
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
