package guide

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
)

//go:embed report.html
var reportPage string

// reportTemplate escapes everything that it is given (html/template).
var reportTemplate = template.Must(template.New("report").Parse(reportPage))

// ReportOptions say what a report tells beside the lesson itself.
type ReportOptions struct {
	Stage string
	Time  time.Time
}

type reportStep struct{ Name, How string }

// reportAnswer is a question with what was answered. Class says how it ended.
type reportAnswer struct {
	Ask, Class, Outcome, Hints, Answer, Why, Undone string
	Tries                                           []string
	Right                                           bool
}

type reportCheck struct {
	Title, Status, Got string
	Found              bool
}

// Report writes what was done as one HTML file that needs nothing else: the
// steps, the answers, the verdict and the ladder of packets.
func (l *Lesson) Report(w io.Writer, o ReportOptions) error {
	text := func(key string, args ...any) string { return l.text("report."+key, args...) }
	data := map[string]any{
		"Lang": l.lang, "Title": text("title"),
		"About": text("about", "time", o.Time.Format("2006-01-02 15:04"), "stage", o.Stage, "packets", len(l.trace.records)),
		"Task":  l.taskText(),
		"Steps": text("steps"), "Answers": text("answers"), "Results": l.results(), "Checks": l.text(l.checksKey(), "port", l.trace.port),
		"Ladder": text("ladder"), "LadderAbout": text("ladder.about"), "Earlier": text("earlier"), "Ms": text("time"),
		"StepRows": l.reportSteps(), "AnswerRows": l.reportAnswers(), "CheckRows": l.reportChecks(),
	}
	data["Rows"], data["Lanes"] = l.ladder()
	return reportTemplate.Execute(w, data)
}

func (l *Lesson) reportSteps() (rows []reportStep) {
	for _, s := range Steps {
		how := "report.read"
		switch {
		case slices.Contains(l.state.StoodIn, s):
			how = "report.stoodin"
		case s.live():
			how = "report.seen"
		}
		row := reportStep{s.name().In(l.lang), l.text(how)}
		if n := l.state.resets(s); n > 0 {
			row.How += " " + l.text("report.redone", "n", n)
		}
		rows = append(rows, row)
	}
	return rows
}

func (l *Lesson) reportAnswers() (rows []reportAnswer) {
	for i, a := range l.state.Answers {
		first := l.state.firstTry(i)
		row := reportAnswer{Ask: a.Asked, Right: a.Outcome == Right, Why: a.Why}
		before, _ := l.state.triesBefore(i)
		for n, typed := range a.Given {
			row.Tries = append(row.Tries, l.text("report.try", "n", before+n+1, "given", texts.Message("quoted", "text", typed)))
		}
		key := "report.open"
		switch {
		case first:
			row.Class, key = "right", "report.first"
		case a.Outcome == Right:
			row.Class, key = "later", "report.later"
		case a.Outcome == Wrong:
			key = "report.wrong"
		case a.Outcome == Skipped:
			key = "report.skipped"
		}
		row.Outcome = l.text(key)
		if a.Hints > 0 {
			if len(a.Given) == 0 {
				a.Before = a.Hints
			}
			row.Hints = l.text("report.hints", "n", a.Hints, "before", a.Before)
		}
		if a.Expected != "" {
			row.Answer = l.text("report.answer", "answer", a.Expected)
		}
		switch a.Undone {
		case ByBack:
			row.Undone = l.text("report.back")
		case ByReset:
			row.Undone = l.text("report.reset")
		}
		rows = append(rows, row)
	}
	return rows
}

// verdict holds the student's packets against the documented scenario, with the
// name and the message of the task, or those that the student chose. It is nil where the chat had
// another port than the documented one, which the checker goes by.
func (l *Lesson) verdict() *check.Report {
	if l.trace.port != scenario.ServerPort {
		return nil
	}
	task := steps.Task{Nick: l.state.Task.Nick, Message: l.state.Task.Message}
	if u := l.loginUnit(); u != nil && task.Nick == "" {
		task.Nick = u.message.Name
	}
	if u := l.sayUnit(); u != nil && task.Message == "" {
		task.Message = u.message.Content
	}
	var c evidence.Capture
	for _, r := range l.trace.records {
		if !l.stranger(r) {
			c.Segment(r.segment)
		}
	}
	return check.Capture(&c, task)
}

// checksKey is the text above the verdict, or the one that says why there is none.
func (l *Lesson) checksKey() string {
	if l.trace.port != scenario.ServerPort {
		return "end.unchecked"
	}
	return "end.checks"
}

func (l *Lesson) reportChecks() (rows []reportCheck) {
	v := l.verdict()
	if v == nil {
		return nil
	}
	for _, s := range v.Steps {
		rows = append(rows, reportCheck{steps.Name(s.ID).In(l.lang), s.Status.Name().In(l.lang), s.Got.In(l.lang), s.Status == steps.Found})
	}
	return rows
}
