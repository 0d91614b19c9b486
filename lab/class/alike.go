package class

import (
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

// compare finds the captures that are alike.
func (g *Grading) compare() {
	found := map[[2]int]map[Likeness]bool{}
	note := func(a, b int, by Likeness) {
		if a == b || strings.EqualFold(g.Grades[a].Student, g.Grades[b].Student) {
			return
		}
		pair := [2]int{min(a, b), max(a, b)}
		if found[pair] == nil {
			found[pair] = map[Likeness]bool{}
		}
		found[pair][by] = true
	}
	owners := g.owners()
	crowd := make([]bool, len(g.Grades))
	for i := range g.Grades {
		var sources []int
		sources, crowd[i] = g.crowd(i, owners)
		for _, j := range sources {
			note(i, j, SamePackets)
		}
	}
	having := map[sign][]int{}
	nicks := map[string]int{}
	pauses := make([]map[uint64]bool, len(g.Grades))
	pausing := map[uint64][]int{}
	for i := range g.Grades {
		grade := &g.Grades[i]
		nicks[strings.ToLower(grade.Nick)] = i
		if len(grade.prints.packets) > 0 {
			s := sign{SameFile, string(grade.digest[:])}
			having[s] = append(having[s], i)
		}
		if grade.Report == nil || !grade.Report.Talk || crowd[i] {
			continue
		}
		for _, s := range grade.prints.signs(grade.Report.Client) {
			having[s] = append(having[s], i)
		}
		pauses[i] = grade.prints.pauses(grade.Report.Client)
		for run := range pauses[i] {
			pausing[run] = append(pausing[run], i)
		}
	}
	for s, who := range having {
		// What many have is a program's default, not a copy.
		if s.kind == SamePorts && len(who) > 2 || (s.kind == SameKey || s.kind == SameMasks) && len(who) > maxSharing {
			continue
		}
		for i, a := range who {
			for _, b := range who[i+1:] {
				// Two who did their own tasks on one machine at one time may
				// well have captured the same packets.
				if s.kind == SameFile && g.Grades[a].own() && g.Grades[b].own() {
					continue
				}
				note(a, b, s.kind)
			}
		}
	}
	shared := map[[2]int]int{}
	for _, who := range pausing {
		if len(who) > maxSharing {
			continue
		}
		for i, a := range who {
			for _, b := range who[i+1:] {
				shared[[2]int{min(a, b), max(a, b)}]++
			}
		}
	}
	for pair, n := range shared {
		if n >= fewest && n*100 >= alike*min(len(pauses[pair[0]]), len(pauses[pair[1]])) {
			note(pair[0], pair[1], SameTimes)
		}
	}
	for i := range g.Grades {
		if r := g.Grades[i].Report; r != nil && !g.Grades[i].own() && !crowd[i] {
			if owner, ok := nicks[strings.ToLower(r.Taken)]; ok && r.Taken != "" {
				note(i, owner, OtherTask)
			}
		}
	}
	for pair, by := range found {
		list := slices.DeleteFunc(slices.Clone(likenesses), func(l Likeness) bool { return !by[l] })
		a, b := &g.Grades[pair[0]], &g.Grades[pair[1]]
		a.Alike = append(a.Alike, Alike{b.Student, list})
		b.Alike = append(b.Alike, Alike{a.Student, list})
	}
	for i := range g.Grades {
		slices.SortFunc(g.Grades[i].Alike, func(a, b Alike) int { return strings.Compare(a.Student, b.Student) })
	}
}

// maxSharing bounds how many captures may have a run of pauses in common before
// it says nothing.
const maxSharing = 64
