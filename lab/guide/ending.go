package guide

import (
	"chatlab/lab/check/steps"
	"chatlab/sniffer/catalogue"
)

// end says what was done.
func (l *Lesson) end() {
	l.over = true
	l.output(Heading, "heading.end")
	if task := l.taskText(); task != "" {
		l.out = append(l.out, Output{Kind: Sentence, Text: task})
	}
	for _, line := range l.results() {
		l.out = append(l.out, Output{Kind: Sentence, Text: line})
	}
	if len(l.state.StoodIn) > 0 {
		var names catalogue.List[catalogue.Message]
		for _, s := range l.state.StoodIn {
			names = append(names, s.name())
		}
		l.output(Sentence, "end.stoodin", "steps", names)
	}
	l.output(Sentence, l.checksKey(), "port", l.trace.port)
	v := l.verdict()
	if v == nil {
		return
	}
	for _, s := range v.Steps {
		mark := "✗ "
		if s.Status == steps.Found {
			mark = "✓ "
		}
		l.out = append(l.out, Output{Kind: Sentence, Text: mark + l.text("check", "step", steps.Name(s.ID), "status", s.Status.Name())})
	}
}
