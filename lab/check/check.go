// Package check holds a capture against the documented scenario. What it does
// goes one way: a capture's conversations become evidence, the evidence shows the
// steps of an attempt, what is not as expected is explained, and a report has it
// all.
package check

import (
	"context"
	"io"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/explain"
	"chatlab/lab/check/steps"
	"chatlab/lab/check/texts"
	"chatlab/sniffer/dissect"
)

// File checks a capture file, pcap or pcapng, compressed or not. Where it cannot
// be read to its end the error is an *evidence.Unreadable, and the report, if
// there is one, is of what came before and says so.
func File(ctx context.Context, r io.Reader, name string, t steps.Task) (*Report, error) {
	c, err := evidence.File(ctx, r, name, t.Port)
	if c == nil {
		return nil, err
	}
	return Capture(c, t), err
}

// Capture checks what the packets of a capture show. It may be called after each
// of them: what it costs does not grow with the noise around the conversations.
func Capture(c *evidence.Capture, t steps.Task) *Report {
	best, attempts, others := attempt(c, t)
	judged := best.Judge(others)
	r := &Report{
		Nick: best.Task.Nick, Message: best.Task.Message, Total: c.Total,
		Client: best.Conversation.Client, Server: best.Conversation.Server, Dialect: best.Conversation.Dialect,
		Taken: best.Taken, Said: best.Said, Attempts: attempts, Fault: c.Fault,
		Steps: judged, Packets: packets(best, others), Alone: best.Alone(others),
	}
	r.Noise = outside(c, len(r.Packets))
	r.Advice = (&explain.Case{Capture: c, Attempt: best, Steps: judged}).Advice()
	r.notes(c, best.Conversation)
	return r
}

// Steps gives the steps alone, and the attempt that shows them: what Capture reports
// of them, at a fraction of its cost.
func Steps(c *evidence.Capture, t steps.Task) ([]steps.Step, *steps.Attempt) {
	best, _, others := attempt(c, t)
	return best.Judge(others), best
}

func attempt(c *evidence.Capture, t steps.Task) (best *steps.Attempt, attempts int, others *steps.Copies) {
	best, attempts = choose(c.Conversations, t)
	return best, attempts, best.Copies(c.Conversations)
}

// choose gives the attempt that counts, and in how many conversations the
// nickname was taken. Of equal attempts the last counts, unless it was only done
// once more; one that others heard rather than one that nobody did.
func choose(all []*evidence.Conversation, t steps.Task) (best *steps.Attempt, attempts int) {
	highest := 0
	keys := map[string]bool{}
	for _, c := range all {
		a := steps.Find(c, t)
		judged := a.Judge(nil)
		if rank := a.Rank(judged); best == nil || rank > highest || rank == highest && (!steps.Complete(judged) || best.ToldAlone() && !a.ToldAlone()) {
			best, highest = a, rank
		}
		// A proxy or an address translation shows one connection twice.
		if a.Taken == a.Task.Nick && (c.Key == "" || !keys[c.Key]) {
			attempts++
			keys[c.Key] = true
		}
	}
	if best == nil {
		best = steps.Find(&evidence.Conversation{}, t)
	}
	return best, attempts
}

// notes says what is worth knowing of the capture as a whole.
func (r *Report) notes(c *evidence.Capture, best *evidence.Conversation) {
	note := func(when bool, key string, args ...any) {
		if when {
			r.Notes = append(r.Notes, texts.Check.Message(key, args...))
		}
	}
	if r.Fault != "" {
		r.Ends = texts.Check.Message("note."+string(r.Fault), "packets", r.Total)
		r.Notes = append(r.Notes, r.Ends)
	}
	note(c.IsDocumented(), "note.documented")
	note(best.Compressed, "note.compressed")
	note(best.Short || c.Outside.Cut(), "note.short")
	note(best.Gaps() && !best.OneWay(dissect.Client) && !best.OneWay(dissect.Server), "note.lost")
	note(r.Attempts > 1, "note.attempts", "attempts", r.Attempts)
	note(c.Outside.Unexamined > 0, "note.unexamined", "packets", c.Outside.Unexamined)
}
