package guide

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
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

type reportAnswer struct {
	Ask, Outcome, Given, Answer, Why, Hints string
	Right                                   bool
}

type reportCheck struct {
	Title, Status, Got string
	Found              bool
}

// reportRow is a packet in the ladder. X1 and X2 are where its arrow begins and
// ends, in the ladder's own units.
type reportRow struct {
	Number               int
	Time, Label, Title   string
	Lines                []string
	X1, X2, Head1, Head2 int
	LabelX               int
	Data                 bool
}

// The lanes' places in the ladder, which is 600 units wide.
const (
	laneLeft, laneServer, laneRight = 60, 300, 540
	arrowHead                       = 8
)

// Report writes what was done as one HTML file that needs nothing else: the
// steps, the answers, the verdict and the ladder of packets.
func (l *Lesson) Report(w io.Writer, o ReportOptions) error {
	text := func(key string, args ...any) string { return l.text("report."+key, args...) }
	data := map[string]any{
		"Lang": l.lang, "Title": text("title"),
		"About": text("about", "time", o.Time.Format("2006-01-02 15:04"), "stage", o.Stage, "packets", len(l.trace.records)),
		"Steps": text("steps"), "Answers": text("answers"), "Checks": l.text(l.checksKey(), "port", l.trace.port),
		"Ladder": text("ladder"), "LadderAbout": text("ladder.about"), "Earlier": text("earlier"), "Ms": text("time"),
		"StepRows": l.reportSteps(), "AnswerRows": l.reportAnswers(), "CheckRows": l.reportChecks(),
	}
	l.addLadder(data)
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
		rows = append(rows, reportStep{s.name().In(l.lang), l.text(how)})
	}
	return rows
}

func (l *Lesson) reportAnswers() (rows []reportAnswer) {
	for _, a := range l.state.Answers {
		q := l.find(a)
		if q == nil {
			continue
		}
		row := reportAnswer{
			Ask: l.text("ask."+q.id, q.args...), Outcome: l.text("report." + string(a.Outcome)), Right: a.Outcome == Right,
			Given:  l.text("report.nothing"),
			Answer: l.text("report.answer", "answer", q.answer), Why: l.text("why."+q.id, q.args...),
		}
		if len(a.Given) > 0 {
			given := make(catalogue.List[catalogue.Message], len(a.Given))
			for i, typed := range a.Given {
				given[i] = texts.Message("quoted", "text", typed)
			}
			row.Given = l.text("report.given", "given", given)
		}
		if a.Hints > 0 {
			row.Hints = l.text("report.hints", "n", a.Hints)
		}
		rows = append(rows, row)
	}
	return rows
}

// find gives the question that was answered, from the packets as they are now.
func (l *Lesson) find(a Answer) *question {
	asked := l.reading(a.Step)
	if a.At >= 0 {
		asked = l.questionsAt(a.At, a.Step)
	}
	if i := slices.IndexFunc(asked, func(q *question) bool { return q.id == a.Question }); i >= 0 {
		return asked[i]
	}
	return nil
}

// verdict holds the student's packets against the documented scenario, with the
// name and the message that the student chose. It is nil where the chat had
// another port than the documented one, which the checker goes by.
func (l *Lesson) verdict() *check.Report {
	if l.trace.port != scenario.ServerPort {
		return nil
	}
	var task steps.Task
	if u := l.loginUnit(); u != nil {
		task.Nick = u.message.Name
	}
	if u := l.sayUnit(); u != nil {
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

// addLadder lays out the packets of the student's connection, and what passed
// between the server and others meanwhile.
func (l *Lesson) addLadder(data map[string]any) {
	var rows []reportRow
	lanes := map[string]any{"Left": "", "Right": "", "Server": l.text("report.server", "port", l.trace.port)}
	var first time.Time
	for _, r := range l.trace.records[:l.state.Cursor] {
		if l.prelude(r) || l.stranger(r) {
			continue
		}
		if first.IsZero() {
			first = r.segment.Packet.Time
		}
		row := reportRow{Number: r.number, Time: catalogue.Decimal{Value: r.segment.Packet.Time.Sub(first).Seconds() * 1000, Digits: 3}.In(l.lang),
			Label: label(r), Title: r.comment.Title(l.lang), Lines: r.comment.Lines(l.lang), Data: r.segment.Length > 0}
		lane := laneLeft
		name := l.text("report.student", "port", r.client)
		if l.scripted(r.client) {
			lane = laneRight
			lanes["Right"] = scenario.EarlierNick + " " + itoa(r.client)
		} else {
			lanes["Left"] = name
		}
		row.X1, row.X2 = lane, laneServer
		if r.from == dissect.Server {
			row.X1, row.X2 = row.X2, row.X1
		}
		row.Head1, row.Head2 = row.X2, row.X2-arrowHead
		if row.X2 < row.X1 {
			row.Head2 = row.X2 + arrowHead
		}
		row.LabelX = (row.X1 + row.X2) / 2
		rows = append(rows, row)
	}
	data["Rows"], data["Lanes"] = rows, lanes
}

// label is a packet's flags, relative numbers and length, as tcpdump orders them.
func label(r *record) string {
	s := flagsText(r.segment.Flags)
	if r.segment.Length > 0 {
		s += fmt.Sprintf(" seq %d:%d", r.relSeq, r.relSeq+uint32(r.segment.Length))
	}
	if r.segment.Flags&tcp.ACK != 0 {
		s += fmt.Sprintf(" ack %d", r.relAck)
	}
	return s + fmt.Sprintf(" len %d", r.segment.Length)
}
