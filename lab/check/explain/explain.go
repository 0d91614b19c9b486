// Package explain says of a capture that does not show every step as expected what
// probably went wrong and how to do it again: one advice, the likeliest.
package explain

import (
	"cmp"
	"slices"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
)

// Case is what is to be explained: a capture, the attempt in it that counts, and
// what has become of its steps. Where there is no conversation the attempt is one
// of an empty conversation.
type Case struct {
	Capture *evidence.Capture
	Attempt *steps.Attempt
	Steps   []steps.Step
}

// rule explains the first step that is not as expected: what follows cannot be
// without it, or will be seen when it is mended.
type rule struct {
	advice string // its text's key
	// steps are those that the rule explains, none: all; got the keys of what such
	// a step has instead, none: whatever it has or lacks.
	steps []annotate.Step
	got   []string
	// any: it is any step that has it, not the first one that is not as expected.
	any bool
	// when tells whether the rule explains the step; nil: always.
	when condition
	// needsEnd: the rule holds only in a capture that is there to its end. In one
	// that is not, what it misses may have stood behind.
	needsEnd bool
}

// situation is a step that is not as expected, in its case.
type situation struct {
	*Case
	step         *steps.Step
	conversation *evidence.Conversation
}

func (r *rule) explains(s *situation) bool {
	return (r.steps == nil || slices.Contains(r.steps, s.step.ID)) &&
		(r.got == nil || r.has(s.step) || r.any && slices.ContainsFunc(s.Steps, func(step steps.Step) bool { return r.has(&step) })) &&
		(r.when == nil || r.when(s))
}

func (r *rule) has(s *steps.Step) bool { return slices.Contains(r.got, s.Got.Key()) }

// Advice says what to do, as the first rule has it that explains the first step
// that is not as expected; nothing where all are.
func (c *Case) Advice() catalogue.Message {
	i := slices.IndexFunc(c.Steps, func(s steps.Step) bool { return s.Status != steps.Found })
	if i < 0 {
		return catalogue.Message{}
	}
	s := &situation{c, &c.Steps[i], c.Attempt.Conversation}
	r := &rules[slices.IndexFunc(rules, func(r rule) bool { return r.explains(s) })]
	key := r.advice
	if f := c.Capture.Fault; r.needsEnd && (f == evidence.Cut || f == evidence.Broken) {
		key = "hint." + string(f)
	}
	linkType, _ := c.Capture.Outside.LinkType()
	return texts.Check.Message(key, "nick", texts.Quote(c.Attempt.Task.Nick), "message", texts.Quote(c.Attempt.Task.Message),
		"chat", int(c.Attempt.Task.Port), "port", int(cmp.Or(c.Capture.Outside.UpgradePort, c.Capture.Outside.TLSPort)), "type", linkType.Name())
}
