package class

import (
	"slices"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/layout"
)

// maxNamed is how many students of one group are named: a teacher reads no more.
const maxNamed = 20

// Message says of a group who it is, what is the same, and whose that is. All that
// shows grades says it by this.
func (g *Group) Message() catalogue.Message {
	named := catalogue.List[string](layout.QuoteAll(g.Members[:min(len(g.Members), maxNamed)], 100))
	students := texts.Message("group.named", "students", named)
	if more := len(g.Members) - len(named); more > 0 {
		students = texts.Message("group.more", "students", named, "more", more)
	}
	var shared catalogue.List[catalogue.Message]
	for _, s := range g.Shared {
		shared = append(shared, texts.Message("like."+string(s.What), "packets", s.Count))
	}
	return texts.Message("group", "number", g.Number, "students", students, "shared", shared, "source", g.source())
}

// source says whose the shared packets are.
func (g *Group) source() catalogue.Message {
	s := &g.Source
	if g.Fixed {
		return texts.Message("source.fixed")
	}
	m := texts.Message("source."+string(s.Why), "student", layout.Quote(s.Student, 100))
	switch {
	case s.Student == "" || s.Member:
		return m
	case s.Absent:
		return texts.Message("source.absent", "source", m)
	}
	return texts.Message("source.other", "source", m)
}

// likeness is what is to be said of a capture beside those of others, but for its group.
func (g *Grade) likeness() (all []catalogue.Message) {
	if g.Played {
		all = append(all, texts.Message("played"))
	}
	if g.TaskOf != "" && (g.Alike == nil || g.Alike.Source.Student != g.TaskOf) {
		all = append(all, texts.Message("taskof", "student", layout.Quote(g.TaskOf, 100)))
	}
	if g.Watched > 0 {
		all = append(all, texts.Message("watched", "students", g.Watched))
	}
	if g.Shown > 0 {
		all = append(all, texts.Message("shown", "captures", g.Shown))
	}
	return all
}

// Flagged tells whether the capture does another's task, or shares packets that are not
// shown to be the student's own.
func (g *Grade) Flagged() bool {
	if g.TaskOf != "" || g.Alike == nil || g.Alike.Fixed {
		return g.TaskOf != ""
	}
	s := &g.Alike.Source
	return s.Student != g.Student || !slices.Contains(surest, s.Why)
}
