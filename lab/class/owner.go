package class

import "strings"

// Whose a capture's packets are, the nickname and the message in them tell: Assign gave
// them to one student.

// own tells whether the student took the nickname of their own task, or said its
// message where the nickname was not captured. Two tasks may have the same nickname.
func (g *Grade) own() bool {
	return g.Report != nil && (strings.EqualFold(g.Report.Taken, g.Nick) || g.Report.Taken == "" && g.Report.Said == g.Message)
}

// owners are the students by what they were to take and to say, by their indexes.
type owners struct {
	nicks, messages map[string][]int
	keys            map[string]int // by the Sec-WebSocket-Key of who did their own task
}

func newOwners(grades []Grade) *owners {
	o := &owners{map[string][]int{}, map[string][]int{}, map[string]int{}}
	for i := range grades {
		g := &grades[i]
		o.nicks[strings.ToLower(g.Nick)] = append(o.nicks[strings.ToLower(g.Nick)], i)
		o.messages[g.Message] = append(o.messages[g.Message], i)
		if !g.own() {
			continue
		}
		if key := g.fingerprint.keys[g.Report.Client]; key != "" {
			o.keys[key] = i
		}
	}
	return o
}

// task gives whose task a capture does, and by what that shows; who is -1 where that is
// nobody's, or where two students have that nickname and the message does not tell.
func (o *owners) task(g *Grade) (who int, by Why) {
	if g.Report == nil {
		return -1, Unknown
	}
	taken, said := o.nicks[strings.ToLower(g.Report.Taken)], o.messages[g.Report.Said]
	for _, i := range taken {
		for _, j := range said {
			if i == j {
				return i, ByTask
			}
		}
	}
	switch {
	case len(taken) == 1:
		return taken[0], ByNick
	case len(said) == 1 && g.Report.Taken == "":
		return said[0], ByMessage
	}
	return -1, Unknown
}

// watched counts the other students whose own conversations are in a capture. Who
// captured on a machine that others worked on, and did nothing right, has theirs and
// none of one's own: that is no copy.
func (o *owners) watched(i int, g *Grade) int {
	if g.own() {
		return 0
	}
	others := map[int]bool{}
	for _, key := range g.fingerprint.keys {
		if owner, ok := o.keys[key]; ok && owner != i {
			others[owner] = true
		}
	}
	return len(others)
}
