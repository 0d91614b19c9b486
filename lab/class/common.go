package class

import (
	"regexp"
	"slices"
	"strings"

	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
)

// What most of a class gets wrong has a cause of its own: the lesson, or the secret
// that the captures are graded with.

// fewestCaptures is how many captures that could be read there must be for that, and
// two of three are most.
const fewestCaptures = 3

// Common says what most of the captures lack, and what may be the cause; nothing where
// there is no such thing.
func (g *Grading) Common() (all []catalogue.Message) {
	read, foreign, formed, played := 0, 0, 0, 0
	missing := map[int]int{} // captures without a step
	nicks := map[string]bool{}
	for i := range g.Grades {
		nicks[strings.ToLower(g.Grades[i].Nick)] = true
	}
	for i := range g.Grades {
		grade := &g.Grades[i]
		if grade.Report == nil {
			continue
		}
		read++
		for j := range grade.Report.Steps {
			if grade.Report.Steps[j].Status != steps.Found {
				missing[j]++
			}
		}
		// Somebody else's of the class is no sign of another secret.
		if grade.Played {
			played++
		} else if taken := strings.ToLower(grade.Report.Taken); taken != "" && !nicks[taken] {
			foreign++
			if assigned(taken) {
				formed++
			}
		}
	}
	most := func(n int) bool { return read >= fewestCaptures && 3*n >= 2*read }
	switch {
	case most(played):
		return []catalogue.Message{texts.Message("common.played", "captures", played, "of", read)}
	case most(formed):
		return []catalogue.Message{texts.Message("common.secret", "captures", formed, "of", read)}
	case most(foreign):
		return []catalogue.Message{texts.Message("common.nick", "captures", foreign, "of", read)}
	}
	for j := range scenario.Steps {
		// Without the handshake there is none of the rest: the first step is the cause.
		if most(missing[j]) {
			return []catalogue.Message{texts.Message("common.step", "captures", missing[j], "of", read, "step", steps.Name(scenario.Steps[j].ID))}
		}
	}
	return nil
}

var assignedForm = regexp.MustCompile(`^([a-z]+)-([a-z]+)-[1-9][0-9]$`)

// assigned tells whether a nickname is one that Assign gives with some secret.
func assigned(nick string) bool {
	m := assignedForm.FindStringSubmatch(nick)
	return m != nil && slices.Contains(qualities, m[1]) && slices.Contains(animals, m[2])
}
