package class

import (
	"net/netip"
	"slices"
	"strings"
)

// Likeness is one way in which a capture is another student's.
type Likeness string

// The likenesses, the surest first.
const (
	SameFile    Likeness = "file"    // byte for byte
	SamePackets Likeness = "packets" // all that the one has, the other has too
	OtherTask   Likeness = "nick"    // it does what the other was asked to do
	SameKey     Likeness = "key"     // Sec-WebSocket-Key
	SameMasks   Likeness = "masks"   // masking keys
	SameNumbers Likeness = "numbers" // initial sequence numbers
	SameStamps  Likeness = "stamps"  // TCP timestamps
	SameIDs     Likeness = "ids"     // IP identifications
	SameTimes   Likeness = "times"   // the pauses between packets
	SamePorts   Likeness = "ports"   // the browser's port, which may be chance
)

var likenesses = []Likeness{SameFile, SamePackets, OtherTask, SameKey, SameMasks, SameNumbers, SameStamps, SameIDs, SameTimes, SamePorts}

// Alike says that a capture is like another student's.
type Alike struct {
	Student string
	By      []Likeness
}

// Sure tells whether it cannot be chance. Two of some two hundred students may
// have had the same port.
func (a *Alike) Sure() bool { return !slices.Equal(a.By, []Likeness{SamePorts}) }

// own tells whether the student took the nickname of their own task. Two tasks
// may have the same one.
func (g *Grade) own() bool { return g.Report != nil && strings.EqualFold(g.Report.Taken, g.Nick) }

// pair is two grades, by their indexes, the lower one first.
type pair [2]int

func newPair(a, b int) pair { return pair{min(a, b), max(a, b)} }

// pairs calls f with any two of who.
func pairs(who []int, f func(a, b int)) {
	for i, a := range who {
		for _, b := range who[i+1:] {
			f(a, b)
		}
	}
}

// comparison is the captures of a grading that are found to be alike.
type comparison struct {
	grades []Grade
	crowd  []bool // captures of several others' work, see Grading.crowd
	found  map[pair]ways
}

// ways are likenesses: bit i stands for likenesses[i].
type ways uint16

func (w ways) list() (all []Likeness) {
	for i, l := range likenesses {
		if w>>i&1 != 0 {
			all = append(all, l)
		}
	}
	return all
}

// compare finds the captures that are alike.
func (g *Grading) compare() {
	c := comparison{grades: g.Grades, crowd: make([]bool, len(g.Grades)), found: map[pair]ways{}}
	owners := g.owners()
	for i := range g.Grades {
		var sources []int
		sources, c.crowd[i] = g.crowd(i, owners)
		for _, j := range sources {
			c.note(i, j, SamePackets)
		}
	}
	c.compareSigns()
	c.comparePauses()
	c.compareTasks()
	c.report()
}

func (c *comparison) note(a, b int, by Likeness) {
	if a == b || strings.EqualFold(c.grades[a].Student, c.grades[b].Student) {
		return
	}
	c.found[newPair(a, b)] |= 1 << slices.Index(likenesses, by)
}

// conversation gives the client of the conversation of capture i that is compared
// with others', if it has one.
func (c *comparison) conversation(i int) (client netip.AddrPort, ok bool) {
	if r := c.grades[i].Report; r != nil && r.Client.IsValid() && !c.crowd[i] {
		return r.Client, true
	}
	return client, false
}

// maxSharing bounds how many captures may have a sign or a run of pauses in common.
// What more have is a program's default, not a copy.
const maxSharing = 64

// compareSigns notes the captures that have a sign in common.
func (c *comparison) compareSigns() {
	having := map[sign][]int{}
	for i := range c.grades {
		f := &c.grades[i].fingerprint
		if len(f.packets) > 0 {
			s := sign{SameFile, string(c.grades[i].digest[:])}
			having[s] = append(having[s], i)
		}
		if client, ok := c.conversation(i); ok {
			for _, s := range f.signs(client) {
				having[s] = append(having[s], i)
			}
		}
	}
	for s, who := range having {
		if s.kind == SamePorts && len(who) > 2 || (s.kind == SameKey || s.kind == SameMasks) && len(who) > maxSharing {
			continue
		}
		pairs(who, func(a, b int) {
			// Two who did their own tasks on one machine at one time may well have
			// captured the same packets.
			if s.kind != SameFile || !c.grades[a].own() || !c.grades[b].own() {
				c.note(a, b, s.kind)
			}
		})
	}
}

// comparePauses notes the captures that have enough pauses in common.
func (c *comparison) comparePauses() {
	runs := make([]map[uint64]bool, len(c.grades))
	having := map[uint64][]int{}
	for i := range c.grades {
		if client, ok := c.conversation(i); ok {
			runs[i] = c.grades[i].fingerprint.pauses(client)
			for run := range runs[i] {
				having[run] = append(having[run], i)
			}
		}
	}
	shared := map[pair]int{}
	for _, who := range having {
		if len(who) <= maxSharing {
			pairs(who, func(a, b int) { shared[newPair(a, b)]++ })
		}
	}
	for p, n := range shared {
		if n >= fewest && n*100 >= alike*min(len(runs[p[0]]), len(runs[p[1]])) {
			c.note(p[0], p[1], SameTimes)
		}
	}
}

// compareTasks notes the captures that do another student's task.
func (c *comparison) compareTasks() {
	nicks := map[string]int{}
	for i := range c.grades {
		nicks[strings.ToLower(c.grades[i].Nick)] = i
	}
	for i := range c.grades {
		g := &c.grades[i]
		if g.Report == nil || g.Report.Taken == "" || g.own() || c.crowd[i] {
			continue
		}
		if owner, ok := nicks[strings.ToLower(g.Report.Taken)]; ok {
			c.note(i, owner, OtherTask)
		}
	}
}

// report tells each grade which others it is like.
func (c *comparison) report() {
	lists := map[ways][]Likeness{} // many pairs are alike in the same ways
	for p, by := range c.found {
		list := lists[by]
		if list == nil {
			list = by.list()
			lists[by] = list
		}
		a, b := &c.grades[p[0]], &c.grades[p[1]]
		a.Alike = append(a.Alike, Alike{b.Student, list})
		b.Alike = append(b.Alike, Alike{a.Student, list})
	}
	for i := range c.grades {
		slices.SortFunc(c.grades[i].Alike, func(a, b Alike) int { return strings.Compare(a.Student, b.Student) })
	}
}
