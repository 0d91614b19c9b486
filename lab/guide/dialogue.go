package guide

import (
	"fmt"
	"slices"
	"strings"
)

// Line takes a line that was typed: a command, or an answer.
func (l *Lesson) Line(line string) []Output {
	line = clean(line)
	word, rest, _ := strings.Cut(strings.ToLower(line), " ")
	is := func(command string) bool { return anyWord("word."+command, word) }
	switch {
	case line == "":
		l.repeat()
	case is("reset"):
		l.reset(strings.TrimSpace(rest))
	case rest == "" && is("hint"):
		l.hint()
	case rest == "" && is("skip"):
		l.skip()
	case rest == "" && is("back"):
		l.back()
	case rest == "" && is("help"):
		l.output(Sentence, "commands")
	case rest == "" && is("status"):
		l.list()
	case rest == "" && is("quit"):
		l.quit = true
		return l.take()
	case l.question != nil:
		l.answer(line)
	default:
		l.output(Sentence, "no-question")
		l.instruct()
	}
	l.advance()
	if l.quiet {
		l.remind()
	}
	return l.take()
}

// repeat says again what is waited for.
func (l *Lesson) repeat() {
	if l.question != nil {
		l.output(Ask, "ask."+l.question.id, l.question.args...)
		return
	}
	l.instruct()
}

// ask makes q the present question.
func (l *Lesson) ask(q *question) {
	l.question = q
	if p := &l.state.Pending; p.Question != q.id || p.At != q.at {
		*p = Answer{Question: q.id, Step: l.state.Step, At: q.at}
	}
	l.state.Pending.Asked = l.text("ask."+q.id, q.args...)
	if slices.ContainsFunc(q.needs, func(i int) bool { return !l.shown[i] }) {
		l.output(Sentence, "resumed.packets")
		for _, i := range q.needs {
			l.show(i)
		}
	}
	l.output(Ask, "ask."+q.id, q.args...)
}

// answer holds what was typed against the packets.
func (l *Lesson) answer(typed string) {
	q, p := l.question, &l.state.Pending
	right, mistake, understood := q.judge(typed)
	if !understood {
		l.output(Sentence, "form."+q.form)
		return
	}
	if len(p.Given) == 0 {
		p.Before = p.Hints
	}
	p.Given = append(p.Given, l.quote(typed))
	if right {
		l.output(Success, "right", "answer", q.answer)
		l.close(Right)
		return
	}
	l.output(Failure, "wrong", "given", l.text("quoted", "text", l.quote(typed)))
	if mistake != "" {
		l.output(Sentence, "mistake."+mistake)
	}
	if len(p.Given) < tries {
		// The reason has the answer in it: it waits until there is no try left.
		if p.Hints < hints {
			l.hint()
		}
		l.output(Sentence, "again")
		return
	}
	l.output(Sentence, "answer", "answer", q.answer)
	l.close(Wrong)
}

// tries is how often an answer may be given.
const tries = 2

// close ends the present question with the reason of its answer.
func (l *Lesson) close(o Outcome) {
	q, p := l.question, &l.state.Pending
	p.Outcome, p.Expected, p.Why = o, q.answer, l.text("why."+q.id, q.args...)
	l.output(Sentence, "why."+q.id, q.args...)
	l.state.Answers = append(l.state.Answers, *p)
	*p = Answer{At: -1}
	l.question, l.due = nil, true
}

func (l *Lesson) hint() {
	p := &l.state.Pending
	// Reading has hints for its questions only.
	if p.Hints >= hints || l.question == nil && !l.state.Step.live() {
		l.output(Sentence, "hint.none")
		return
	}
	p.Hints++
	id, args := string(l.state.Step), l.instructArgs()
	if l.question != nil {
		id, args = l.question.id, l.question.args
	}
	l.out = append(l.out, Output{Kind: Hint, Text: l.text("hint", "n", p.Hints, "of", hints, "text", l.text(fmt.Sprintf("hint.%s.%d", id, p.Hints), args...))})
}

// skip tells the answer, or has the lab do the student's part.
func (l *Lesson) skip() {
	if q := l.question; q != nil {
		l.output(Sentence, "answer", "answer", q.answer)
		l.close(Skipped)
		return
	}
	step := l.state.Step
	if acts[step] == 0 || slices.Contains(l.state.StoodIn, step) {
		l.output(Sentence, "skip.wait")
		return
	}
	l.state.StoodIn = append(l.state.StoodIn, step)
	l.happened(StepSkipped, step, "")
	l.standIn()
}

// acts are what the lab does of each step in the student's place.
var acts = map[Step]Act{Page: OpenPage, Nickname: Join, Message: Speak}

// standIn has the lab do the present step if it was left to it and is not done: a
// scripted browser does not outlive the lab, and must begin again with it.
func (l *Lesson) standIn() {
	step := l.state.Step
	if act := acts[step]; act != 0 && slices.Contains(l.state.StoodIn, step) && !l.doneBy(len(l.trace.records), false) {
		if step == Message && !l.standsIn {
			l.output(Sentence, "skip.message.joins", l.instructArgs()...)
		} else {
			l.output(Sentence, "skip."+string(step), l.instructArgs()...)
		}
		l.out = append(l.out, Output{Kind: Do, Act: act})
	}
}

// back returns to the last question, or where there was none to the step before.
func (l *Lesson) back() {
	n := l.lastStanding()
	if n < 0 {
		i := l.state.Step.index()
		if i <= Page.index() {
			l.output(Sentence, "back.none")
			return
		}
		l.resetTo(Steps[i-1])
		return
	}
	l.undo(ByBack, func(i int, _ *Answer) bool { return i == n })
	last := l.state.Answers[n]
	l.state.Step, l.state.Introduced = last.Step, true
	if last.At >= 0 {
		l.state.Cursor = min(l.state.Cursor, last.At)
	}
	l.output(Sentence, "back", "n", last.Step.index()+1, "step", last.Step.name())
}

// reset does a step again, or all.
func (l *Lesson) reset(what string) {
	step, ok := l.state.Step, true
	switch {
	case what == "":
	case anyWord("word.all", what):
		step = Capture
	default:
		step, ok = stepNamed(what)
	}
	if !ok || step.index() > l.state.Step.index() {
		l.output(Sentence, "reset.which", "what", l.quote(what))
		return
	}
	l.resetTo(step)
}

// resetTo has a step and all behind it done again. What was answered stays in the
// report, and what was captured in the file.
func (l *Lesson) resetTo(step Step) {
	behind := func(s Step) bool { return s.index() >= step.index() }
	l.undo(ByReset, func(_ int, a *Answer) bool { return behind(a.Step) })
	l.happened(StepReset, step, l.state.Step)
	l.state.StoodIn = slices.DeleteFunc(l.state.StoodIn, behind)
	if step.live() {
		l.state.Cursor = len(l.trace.records)
	}
	if behind(Page) {
		l.state.PageSeen = false
		clear(l.pageBy)
	}
	l.enter(step)
	l.output(Sentence, "reset", "n", step.index()+1, "step", step.name())
	if l.standsIn && step == Message {
		l.output(Sentence, "reset.scripted")
		l.command(l.address)
	} else if l.standsIn && step.live() {
		l.standsIn = false
		l.output(Sentence, "reset.leaves")
		l.out = append(l.out, Output{Kind: Do, Act: Leave})
	}
}

// list says what is done and what is not.
func (l *Lesson) list() {
	for i, s := range Steps {
		key := "status.now"
		switch {
		case i < l.state.Step.index():
			key = "status.done"
		case i > l.state.Step.index():
			key = "status.later"
		}
		l.output(Sentence, key, "n", i+1, "step", s.name())
	}
}
