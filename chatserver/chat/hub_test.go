package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// delivered collects what subscribers, which are names here, get.
type delivered struct {
	log     []string
	flushed int
}

func (h *delivered) Broadcast(ds ...Delivery[string]) {
	names := [...]string{"list", "login", "welcome", "say", "private", "echo", "logout", "refusal"}
	for _, d := range ds {
		tell := func(subscriber string) {
			text := fmt.Sprintf("%s hears %s of %s", subscriber, names[d.Event.Kind], d.Event.From.Name)
			for _, p := range d.Event.Members {
				text += " " + p.Name
			}
			if d.Event.Content != "" {
				text += " " + d.Event.Content
			}
			h.log = append(h.log, text)
		}
		if d.First != "" {
			tell(d.First)
		}
		for _, subscriber := range d.To {
			if subscriber != d.First {
				tell(subscriber)
			}
		}
	}
}

func (h *delivered) Flush(string) { h.flushed++ }

func (h *delivered) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(h.log, want) {
		t.Errorf("delivered\n\t%s\nwant\n\t%s", strings.Join(h.log, "\n\t"), strings.Join(want, "\n\t"))
	}
	h.log = nil
}

func testHub(opts Options) (*Hub[string], *delivered) {
	h := &delivered{}
	now := time.Unix(1407837000, 0)
	opts.Clock = func() time.Time {
		now = now.Add(time.Second)
		return now
	}
	return NewHub(opts, func(string) Broadcaster[string] { return h }), h
}

func join(t *testing.T, h *Hub[string], name string, version Version, room string) *Member[string] {
	t.Helper()
	m := h.Connect(name)
	if err := h.Join(m, version, name, room); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhoHearsWhat(t *testing.T) {
	hub, h := testHub(Options{})
	a := join(t, hub, "a", V2014, "1")
	h.want(t, "a hears list of a a", "a hears login of a")
	b := join(t, hub, "b", Today, "1")
	h.want(t, "a hears login of b", "b hears welcome of b a b")
	c := join(t, hub, "c", V2014, "1")
	h.want(t, "c hears list of c a b c", "c hears login of c", "a hears login of c", "b hears login of c")

	all := Target{All: true}
	hub.Say(b, all, "hi")
	h.want(t, "b hears say of b hi", "a hears say of b hi", "c hears say of b hi")
	hub.Say(c, all, "ho")
	h.want(t, "c hears say of c ho", "a hears say of c ho", "b hears say of c ho")

	hub.Say(a, Target{UID: c.Person().UID}, "psst")
	h.want(t, "c hears private of a psst")
	hub.Say(b, Target{Serial: c.Person().Serial}, "psst")
	h.want(t, "c hears private of b psst", "b hears echo of b psst")
	hub.Say(b, Target{Serial: b.Person().Serial}, "me")
	h.want(t, "b hears private of b me", "b hears echo of b me")
	hub.Say(b, Target{}, "nobody")
	h.want(t, "b hears echo of b nobody")
	hub.Say(a, Target{UID: 1}, "nobody")
	h.want(t)
	hub.Refuse(b, all, "hi", Paused)
	h.want(t, "b hears refusal of b hi")

	// Another name: the place among the others stays.
	if err := hub.Join(a, V2014, "A", "1"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "a hears list of A A b c", "a hears login of A", "b hears login of A", "c hears login of A")
	if err := hub.Join(b, Today, "B", "1"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "a hears login of B", "c hears login of B", "b hears welcome of B A c B")

	hub.Leave(a)
	hub.Leave(a)
	h.want(t, "b hears logout of A", "c hears logout of A")
	if err := hub.Join(a, V2014, "a", "1"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "a hears list of a B c a", "a hears login of a", "b hears login of a", "c hears login of a")
	hub.Disconnect(b)
	hub.Disconnect(c)
	h.log = nil
	hub.Disconnect(a) // nobody is left to hear it
	h.want(t)
	if m, r, n := hub.Size(); m+r+n != 0 {
		t.Errorf("%d members, %d rooms, %d connected are left", m, r, n)
	}
	if hub.Say(a, all, "gone") {
		t.Error("who left says something")
	}
}

func TestClose(t *testing.T) {
	hub, h := testHub(Options{})
	a := join(t, hub, "a", Today, "1")
	join(t, hub, "b", Today, "1")
	h.log = nil
	hub.Close()
	if hub.Say(a, Target{All: true}, "hi") {
		t.Error("something was said after the end")
	}
	hub.Refuse(a, Target{All: true}, "hi", Paused)
	if err := hub.Join(hub.Connect("c"), Today, "c", "1"); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	hub.Disconnect(a)
	h.want(t)
	if m, r, n := hub.Size(); m != 1 || r != 1 || n != 2 {
		t.Errorf("%d members, %d rooms, %d connected are left", m, r, n)
	}
}

// Those who come to the next hub find it empty, and have numbers of their own.
func TestNext(t *testing.T) {
	hub, h := testHub(Options{})
	a := join(t, hub, "a", Today, "1")
	hub.Close()
	next := hub.Next()
	h.log = nil
	b := join(t, next, "b", Today, "1")
	h.want(t, "b hears welcome of b b")
	next.Say(b, Target{Serial: a.Person().Serial}, "psst")
	h.want(t, "b hears echo of b psst")
	if a.Person().Serial == b.Person().Serial || a.Person().UID == b.Person().UID {
		t.Errorf("%+v and %+v", a.Person(), b.Person())
	}
	hub.Disconnect(a)
	h.want(t)
	if m, r, n := next.Size(); m != 1 || r != 1 || n != 1 {
		t.Errorf("%d members, %d rooms, %d connected", m, r, n)
	}
}

func TestRooms(t *testing.T) {
	hub, h := testHub(Options{})
	a := join(t, hub, "a", Today, "1")
	b := join(t, hub, "b", Today, "2")
	h.want(t, "a hears welcome of a a", "b hears welcome of b b")
	hub.Say(a, Target{All: true}, "hi")
	h.want(t, "a hears say of a hi")
	hub.Say(a, Target{Serial: b.Person().Serial}, "psst") // across rooms
	h.want(t, "b hears private of a psst", "a hears echo of a psst")
	if hub.Join(a, Today, "a", "2") == nil {
		t.Error("a member of room 1 joined room 2 without leaving")
	}
	hub.Leave(a)
	if err := hub.Join(a, Today, "a", "2"); err != nil {
		t.Fatal(err)
	}
	h.want(t, "b hears login of a", "a hears welcome of a b a")
	if room, in := a.Room(); room != "2" || !in {
		t.Errorf("a is in %q, %v", room, in)
	}
}

func TestLimits(t *testing.T) {
	hub, _ := testHub(Options{MaxMembers: 2, MaxRooms: 1})
	a := join(t, hub, "a", Today, "1")
	b := hub.Connect("b")
	if err := hub.Join(b, Today, "b", "2"); !errors.Is(err, ErrTooManyRooms) {
		t.Error(err)
	}
	if err := hub.Join(b, Today, "b", "1"); err != nil {
		t.Error(err)
	}
	c := hub.Connect("c")
	if err := hub.Join(c, Today, "c", "1"); !errors.Is(err, ErrTooManyMembers) {
		t.Error(err)
	}
	if err := hub.Join(b, Today, "B", "1"); err != nil { // no more than before
		t.Error(err)
	}
	hub.Disconnect(a)
	hub.Disconnect(b)
	if err := hub.Join(c, Today, "c", "2"); err != nil {
		t.Error(err)
	}
}
