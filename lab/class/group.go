package class

import (
	"slices"
)

// Group is captures that share what two captures of two students' own work do not. It
// says what is so, and not how that came about.
type Group struct {
	// Number is from 1, in the order of the table.
	Number int
	// Members are the students whose captures these are, in the order of the table.
	Members []string
	// Shared is what is the same in them, the surest first.
	Shared []Shared
	Source Source
	// Fixed: nothing but keys is the same, and all that the hosts choose differs: so
	// does a program that takes the same keys each time.
	Fixed bool
}

// Shared is something that is the same in several captures.
type Shared struct {
	What  Likeness
	Count int // of packets; 0: not counted
}

// Source is whose the shared packets are.
type Source struct {
	Student string // "": that cannot be told
	Why     Why
	// Member: the student's capture is of the group; Absent: they handed in none.
	Member, Absent bool
}

// Why is by what a source shows.
type Why string

// The ways, the surest first. Times are what a capture's file says, which its owner may
// change: they prove little.
const (
	ByTask    Why = "task"    // the nickname and the message are the student's
	ByNick    Why = "nick"    // the nickname is
	ByMessage Why = "message" // the message is
	ByMore    Why = "more"    // the capture has all that the others have, and more
	ByTimes   Why = "times"   // the packets are earlier in the student's capture
	Several   Why = "several" // the nicknames are several students': not told
	Unknown   Why = "unknown" // nothing tells
)

// groups gives the groups that were found, and tells each grade of its own.
func (c *comparison) groups() (all []*Group) {
	kinds := map[int]map[Likeness]bool{}
	for _, f := range c.found {
		top := c.root.top(f.capture)
		if kinds[top] == nil {
			kinds[top] = map[Likeness]bool{}
		}
		kinds[top][f.kind] = true
	}
	members := c.root.list()
	for i := range c.grades {
		who := members[i]
		if len(who) < 2 {
			continue
		}
		g := &Group{Number: len(all) + 1, Source: c.source(who)}
		for _, m := range who {
			g.Members = append(g.Members, c.grades[m].Student)
			c.grades[m].Alike = g
		}
		g.Shared = c.shared(who, kinds[i])
		g.Fixed = !slices.ContainsFunc(g.Shared, func(s Shared) bool { return s.What != SameKey && s.What != SameMasks })
		all = append(all, g)
	}
	return all
}

// shared gives what is the same: the packets where all have some in common, which have
// the rest in them, or else all ways that were found.
func (c *comparison) shared(who []int, kinds map[Likeness]bool) (all []Shared) {
	if packets := c.common(who); packets > 0 {
		if kinds[SameFile] && !slices.ContainsFunc(who, func(i int) bool { return c.grades[i].digest != c.grades[who[0]].digest }) {
			all = append(all, Shared{SameFile, 0})
		}
		return append(all, Shared{SamePackets, packets})
	}
	for _, kind := range likenesses {
		if kinds[kind] {
			all = append(all, Shared{kind, 0})
		}
	}
	return all
}

// common counts the packets that all captures of a group have.
func (c *comparison) common(who []int) int {
	common := c.grades[who[0]].fingerprint.traits
	for _, i := range who[1:] {
		has := c.grades[i].fingerprint.traits
		common = slices.DeleteFunc(slices.Clone(common), func(t trait) bool {
			_, ok := slices.BinarySearchFunc(has, t, trait.compare)
			return !ok
		})
	}
	return len(common)
}

// source tells whose the packets are that captures share.
func (c *comparison) source(who []int) Source {
	owner, by := -1, Unknown
	for _, i := range who {
		if c.watched[i] > 1 {
			continue
		}
		switch o, why := c.owners.task(&c.grades[i]); {
		case o < 0 || o == owner && slices.Index(surest, why) >= slices.Index(surest, by):
		case owner >= 0 && o != owner:
			return Source{Why: Several}
		default:
			owner, by = o, why
		}
	}
	if owner < 0 {
		if owner, by = c.most(who), ByMore; owner < 0 {
			owner, by = c.first(who), ByTimes
		}
	}
	if owner < 0 {
		return Source{Why: Unknown}
	}
	g := &c.grades[owner]
	return Source{g.Student, by, slices.Contains(who, owner), g.Absent()}
}

// surest are the ways by which a task shows.
var surest = []Why{ByTask, ByNick, ByMessage}

// most gives the one capture that has all packets of the others and more, or -1.
func (c *comparison) most(who []int) int {
	most := slices.MaxFunc(who, func(a, b int) int {
		return len(c.grades[a].fingerprint.traits) - len(c.grades[b].fingerprint.traits)
	})
	f := &c.grades[most].fingerprint
	for _, i := range who {
		if other := &c.grades[i].fingerprint; i != most && (!other.within(f) || f.within(other)) {
			return -1
		}
	}
	return most
}

// first gives the one capture in which the packets are earlier than in all others, or -1.
func (c *comparison) first(who []int) int {
	first := who[0]
	for pass := range 2 { // the second time all are held against it
		for _, i := range who {
			if i == first {
				continue
			}
			a, b := c.recordings[first], c.recordings[i]
			if a == nil || b == nil {
				return -1
			}
			later, shared, even := a.later(b)
			switch {
			case shared == 0 || !even || later <= sameClock && -later <= sameClock && pass == 1:
				return -1
			case later < 0:
				first = i
			}
		}
	}
	return first
}
