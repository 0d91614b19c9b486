package class

// fewestShown is from how many captures on a conversation that does nobody's task is
// taken for one that the class was shown.
const fewestShown = 6

// compareConversations finds the conversations that several recorded by themselves, and
// among them those that so many captured at one time that they were shown to the class:
// what was done in these is nobody's task, and no copy.
func (c *comparison) compareConversations(having map[sign][]int) {
	same := newSets(len(c.grades))
	for _, who := range having {
		same.join(who)
	}
	for _, who := range same.list() {
		if len(who) < 2 {
			continue
		}
		_, open := part(who, func(a, b int) bool { return c.recordings[a].apart(c.recordings[b]) })
		shown := len(who) >= fewestShown && c.atOnce(who)
		for _, i := range who {
			if c.open[i] = open; shown {
				c.grades[i].Shown = len(who)
			}
		}
	}
}

// atOnce tells whether captures have one conversation, which does nobody's task, by one
// clock.
func (c *comparison) atOnce(who []int) bool {
	for _, i := range who {
		if owner, _ := c.owners.task(&c.grades[i]); owner >= 0 {
			return false
		}
		if later, _, _ := c.recordings[who[0]].later(c.recordings[i]); later > sameClock || -later > sameClock {
			return false
		}
	}
	return true
}
