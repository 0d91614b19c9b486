// Package guide leads a student through the documented capture with a browser
// of their own: what to do, what is seen of it on the wire, what it means. The
// lesson itself (Lesson) is a state machine that is given packets and typed
// lines and gives texts; Run puts it between a terminal and a network.
package guide

import (
	"slices"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// Options say what a lesson is about.
type Options struct {
	Lang               catalogue.Lang
	ChatPort, PagePort uint16 // as they are on the wire
	Stage              string // its name, if it is to be told
	Address            string // of the page, for the student's browser
	// ID is the lesson's, which its page has as edition.
	ID string
	// Task is what is to be done in it.
	Task Task
	// State and Packets are those of an earlier run, to go on with. A nil State
	// begins anew.
	State   *State
	Packets []capture.Packet
}

// Lesson is the state machine. It does no input or output, and keeps no clock.
type Lesson struct {
	lang     catalogue.Lang
	stage    string
	address  string
	pagePort uint16
	trace    trace
	state    State
	question *question // that is being answered
	pageBy   map[uint16]bool
	awaited  bool         // a page of this lesson is about to connect
	convs    int          // connections that were looked at
	quiet    bool         // no packet has come for a while
	shown    map[int]bool // packets, by their index, since the lesson was gone on with
	// standInPort is the port of a connection that is about to come from a scripted
	// browser in the student's place.
	standInPort uint16
	standsIn    bool // such a browser is in the chat
	// lost is true until the student's browser, whose connection has ended when the
	// lesson was left, connects again.
	lost bool
	// due is true when a step's questions are over and it may still be to be done.
	due   bool
	beats []*record // packets of heartbeats that are not told of yet
	out   []Output
	over  bool // the lesson is finished
	quit  bool

	staleReported bool
}

// New gives a lesson, at its beginning or where o.State says.
func New(o Options) *Lesson {
	l := &Lesson{lang: o.Lang, stage: o.Stage, address: o.Address, pagePort: o.PagePort, trace: trace{port: o.ChatPort}, pageBy: map[uint16]bool{}, shown: map[int]bool{}}
	for i := range o.Packets {
		var s dissect.Segment
		if s.Decode(&o.Packets[i]) != nil {
			continue
		}
		if r := l.trace.add(&s); r != nil {
			l.convs = max(l.convs, r.conv+1)
		}
	}
	if o.State != nil {
		l.state = *o.State
	} else {
		l.state = State{Version: stateVersion, Step: Capture, Pending: Answer{At: -1}}
	}
	// The capture may have lost its end: the numbers of connections that are not
	// in it are given anew.
	lost := func(conv int) bool { return conv >= l.convs }
	l.state.Strangers = slices.DeleteFunc(slices.Clone(l.state.Strangers), lost)
	l.state.StandIns = slices.DeleteFunc(slices.Clone(l.state.StandIns), lost)
	l.state.Events = slices.Clone(l.state.Events)
	for i := range l.state.Events { // nor can anything have happened behind its end
		l.state.Events[i].At = min(l.state.Events[i].At, len(l.trace.records))
	}
	l.state.ID, l.state.Task = o.ID, o.Task.whole()
	if l.state.Begin == nil {
		l.state.Begin = map[Step]int{}
	}
	return l
}

// State gives where the lesson stands, to be kept.
func (l *Lesson) State() *State { return &l.state }

// Over tells whether the lesson is finished.
func (l *Lesson) Over() bool { return l.over }

// Quit tells whether the student has left the lesson.
func (l *Lesson) Quit() bool { return l.quit }

// Packets is how many packets of the chat have been captured.
func (l *Lesson) Packets() int { return len(l.trace.records) }

// Record gives the captured packet of index i, decoded. It begins with its IP
// header.
func (l *Lesson) Record(i int) *dissect.Segment { return l.trace.records[i].segment }

// Start gives what is said first.
func (l *Lesson) Start() []Output {
	switch {
	case l.state.Step == End: // all is done: advance tells the end
	case l.state.Introduced:
		l.tellStage()
		l.happened(LessonLeft, l.state.Step, "")
		l.output(Sentence, "resumed", "step", l.state.Step.name(), "n", l.state.Step.index()+1, "of", len(Steps))
		if p := l.state.Pending; len(p.Given) > 0 {
			l.output(Sentence, "resumed.try", "given", l.text("quoted", "text", p.Given[0]))
		}
		l.lost, l.due = true, true
		l.standIn()
	default:
		l.output(Sentence, "welcome")
		l.output(Sentence, "commands")
	}
	l.advance()
	l.remind()
	return l.take()
}

// Packet takes a captured packet. It tells whether it is one of the chat's, to
// be kept.
func (l *Lesson) Packet(p *capture.Packet) (out []Output, kept bool) {
	var s dissect.Segment
	if s.Decode(p) == nil {
		l.pagePacket(&s)
		if r := l.trace.add(&s); r != nil {
			kept, l.quiet = true, false
			l.newcomer(r)
		}
	}
	l.advance()
	return l.take(), kept
}

// Quiet says that no packet has come for a while: what has not come by now does
// not belong to the step, and is not waited for once its questions are answered.
func (l *Lesson) Quiet() []Output {
	l.quiet = true
	l.advance()
	l.remind()
	return l.take()
}

// advance goes on until the student is to do something.
func (l *Lesson) advance() {
	for !l.over && l.question == nil {
		if !l.state.Introduced && l.state.Step != End {
			l.introduce()
		}
		switch {
		case l.state.Step == End:
			l.end()
		case l.state.Step.live():
			if !l.live() {
				return
			}
		default:
			if !l.read() {
				return
			}
		}
	}
}

// introduce says what a step is about and what is to be done.
func (l *Lesson) introduce() {
	l.state.Introduced = true
	l.output(Heading, "heading", "n", l.state.Step.index()+1, "of", len(Steps), "step", l.state.Step.name())
	if l.state.Step.index() >= Page.index() {
		l.tellStage()
	}
	l.instruct()
}

// tellStage says once where the packets come from: it matters from the page on.
func (l *Lesson) tellStage() {
	if l.stage != "" {
		l.output(Sentence, "stage."+l.stage, "chat", l.trace.port, "page", l.pagePort)
		l.stage = ""
	}
}

// remind says again what is to be done if there are no questions left and no packets
// come, and the step is not done: what was done before the lesson was left may not
// have been captured.
func (l *Lesson) remind() {
	if l.due && l.question == nil && !l.over && l.state.Introduced {
		l.due = false
		if step := l.state.Step; step.live() && !slices.Contains(l.state.StoodIn, step) {
			l.instruct()
		}
	}
}

// instruct says what is to be done in the present step.
func (l *Lesson) instruct() {
	step := l.state.Step
	if step == End || !step.live() && l.conversation() == nil {
		return // read says why there is nothing to read
	}
	if l.lost && (step == Nickname || step == Message) {
		l.output(Sentence, "resumed.page")
		l.command(l.address)
	}
	key := "do." + string(step)
	if l.state.Task.given() && (step == Nickname || step == Message) {
		key = "task." + string(step)
	}
	l.output(Sentence, key, l.instructArgs()...)
	switch step {
	case Capture:
		l.command("sudo tcpdump -Ans 4096 -i any port " + itoa(l.trace.port))
	case Page:
		l.command(l.address)
	case Nickname:
		l.command(l.state.Task.nick())
	case Message:
		l.command(l.state.Task.message())
	}
}

func (l *Lesson) instructArgs() []any {
	args := []any{"port", l.trace.port, "page", l.pagePort, "address", l.address, "nick", l.quote(l.state.Task.nick())}
	if u := l.sayUnit(); u != nil && !l.state.Step.live() {
		args = l.speaker(u.record, append(args, "client", u.record.client, "packet", u.record.number)...)
	}
	return args
}

// enter makes step the present one.
func (l *Lesson) enter(step Step) {
	l.state.Step, l.state.Introduced, l.state.Pending = step, false, Answer{At: -1}
	l.question, l.due = nil, false
	if step.live() {
		l.state.Begin[step] = l.state.Cursor
	}
}

// busy tells whether the lesson waits for what the lab itself does, and not for
// the student: for the other browser to join, or for the scripted student.
func (l *Lesson) busy() bool {
	return l.question == nil && l.state.Step.live() && (l.otherPort() == 0 || slices.Contains(l.state.StoodIn, l.state.Step))
}
