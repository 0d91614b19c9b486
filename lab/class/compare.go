package class

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// maxSharing bounds how many captures may have nothing but keys in common. What more
// have is a program's default, not a copy.
const maxSharing = 64

// comparison finds the captures of a grading that share packets.
type comparison struct {
	grades     []Grade
	owners     *owners
	watched    []int // see owners.watched
	recordings map[int]*recording
	open       map[int]bool       // captures whose conversation several recorded by themselves
	parts      map[string][][]int // of recordings, by who was asked for
	root       sets               // those of one group
	found      []finding
}

// finding is a likeness of captures, of which one is named.
type finding struct {
	capture int
	kind    Likeness
}

// compare finds the groups of captures that share packets, and whose these are.
func (g *Grading) compare() {
	c := comparison{grades: g.Grades, owners: newOwners(g.Grades), root: newSets(len(g.Grades)), recordings: map[int]*recording{}, open: map[int]bool{}, parts: map[string][][]int{}}
	for i := range g.Grades {
		grade := &g.Grades[i]
		if c.watched = append(c.watched, c.owners.watched(i, grade)); c.watched[i] > 1 {
			grade.Watched = c.watched[i]
		} else if who, _ := c.owners.task(grade); who >= 0 && who != i && !grade.own() {
			grade.TaskOf = g.Grades[who].Student
		}
		if grade.Report != nil {
			grade.Played = grade.fingerprint.played[grade.Report.Client] && !grade.own()
		}
		if client, ok := c.conversation(i); ok {
			c.recordings[i] = newRecording(&grade.fingerprint, client)
		}
	}
	having := c.signs()
	c.compareConversations(having)
	c.compareFiles()
	c.compareSigns(having)
	c.comparePauses()
	c.compareWatched()
	g.Groups = c.groups()
}

// conversation gives the client of the conversation of capture i that is compared
// with others', if it has one: what the lab played is nobody's.
func (c *comparison) conversation(i int) (client netip.AddrPort, ok bool) {
	if r := c.grades[i].Report; r != nil && r.Client.IsValid() && c.watched[i] < 2 && !c.grades[i].Played && c.grades[i].Shown == 0 {
		return r.Client, true
	}
	return client, false
}

// join makes one group of captures.
func (c *comparison) join(who []int, kind Likeness) {
	if len(who) > 1 {
		c.root.join(who)
		c.found = append(c.found, finding{who[0], kind})
	}
}

// compareFiles joins the captures that are equal, byte for byte. Two who did their own
// tasks on one machine at one time may well hand in the same.
func (c *comparison) compareFiles() {
	having := map[string][]int{}
	for i := range c.grades {
		if g := &c.grades[i]; len(g.fingerprint.packets) > 0 && c.watched[i] < 2 && !g.Played && g.Shown == 0 {
			digest := string(g.digest[:])
			having[digest] = append(having[digest], i)
		}
	}
	for _, who := range having {
		own := 0
		for _, i := range who {
			if c.grades[i].own() {
				own++
			}
		}
		if own > 1 {
			who = slices.DeleteFunc(who, func(i int) bool { return c.grades[i].own() })
		}
		if len(who) > 1 {
			c.join(who, SameFile)
		}
	}
}

// signs gives the captures that have a sign in common with others.
func (c *comparison) signs() map[sign][]int {
	having := map[sign][]int{}
	for i := range c.grades {
		if client, ok := c.conversation(i); ok {
			for _, s := range c.grades[i].fingerprint.signs(client) {
				if n := len(having[s]); n == 0 || having[s][n-1] != i {
					having[s] = append(having[s], i)
				}
			}
		}
	}
	maps.DeleteFunc(having, func(s sign, who []int) bool {
		return len(who) < 2 || (s.kind == SameKey || s.kind == SameMasks) && len(who) > maxSharing
	})
	return having
}

// compareSigns joins the captures that have a sign in common.
func (c *comparison) compareSigns(having map[sign][]int) {
	for s, who := range having {
		if c.grades[who[0]].Shown == 0 {
			c.share(who, s.kind)
		}
	}
}

// share joins those who have something in common and may have it from one recording.
func (c *comparison) share(who []int, kind Likeness) {
	asked := name(who)
	parts, ok := c.parts[asked]
	if !ok {
		parts, _ = part(who, func(a, b int) bool {
			if c.open[a] && c.open[b] {
				return c.recordings[a].mayBeOwn(c.recordings[b])
			}
			return c.recordings[a].apart(c.recordings[b])
		})
		c.parts[asked] = parts
	}
	for _, part := range parts {
		c.join(part, kind)
	}
}

// name gives a name that no others have.
func name(who []int) string {
	var b strings.Builder
	for _, i := range who {
		b.WriteString(strconv.Itoa(i) + " ")
	}
	return b.String()
}

// comparePauses joins the captures that have enough pauses in common.
func (c *comparison) comparePauses() {
	having := map[uint64][]int{}
	runs := make([]int, len(c.grades))
	for i := range c.grades {
		if client, ok := c.conversation(i); ok {
			pauses := c.grades[i].fingerprint.pauses(client)
			runs[i] = len(pauses)
			for run := range pauses {
				having[run] = append(having[run], i)
			}
		}
	}
	// Many pauses are shared by the same captures.
	sharing, times := map[string][]int{}, map[string]int{}
	for _, who := range having {
		if len(who) > 1 {
			sharing[name(who)] = who
			times[name(who)]++
		}
	}
	shared := map[[2]int]int{}
	for named, who := range sharing {
		for n, a := range who {
			for _, b := range who[n+1:] {
				shared[[2]int{a, b}] += times[named]
			}
			if len(who) > maxSharing { // each with the first one
				break
			}
		}
	}
	for p, n := range shared {
		if n >= fewest && n*100 >= alike*min(runs[p[0]], runs[p[1]]) {
			c.share(p[:], SameTimes)
		}
	}
}

// compareWatched joins a capture of several others' work to the one that it is cut from,
// where that shows: one of theirs has all its packets, and earlier or later. At the same
// time everybody on that machine could capture them.
func (c *comparison) compareWatched() {
	for i := range c.grades {
		f := &c.grades[i].fingerprint
		if c.watched[i] < 2 {
			continue
		}
		source := -1
		for _, key := range f.keys {
			j, ok := c.owners.keys[key]
			if ok && f.within(&c.grades[j].fingerprint) && (source < 0 || len(c.grades[j].fingerprint.traits) < len(c.grades[source].fingerprint.traits) || len(c.grades[j].fingerprint.traits) == len(c.grades[source].fingerprint.traits) && j < source) {
				source = j
			}
		}
		if source < 0 {
			continue
		}
		client := c.grades[source].Report.Client
		later, shared, even := newRecording(&c.grades[source].fingerprint, client).later(newRecording(f, client))
		if shared > 0 && even && (later > sameClock || -later > sameClock) {
			c.join([]int{source, i}, SamePackets)
		}
	}
}
