// Package guide leads a student through the documented capture with a browser
// of their own: what to do, what is seen of it on the wire, what it means. The
// lesson itself (Lesson) is a state machine that is given packets and typed
// lines and gives texts; Run puts it between a terminal and a network.
package guide

import (
	"slices"

	"chatlab/lab/check"
	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
)

// OutputKind tells what an Output is.
type OutputKind uint8

// The kinds of output.
const (
	Heading OutputKind = iota // a step begins
	Sentence
	Command // what to type or open, in a line of its own
	Ask     // a question
	Success // the answer was right
	Failure // the answer was wrong, and why
	Hint
	Show // the packet of that index is to be shown, with its comment
	Do   // the lab is to do the student's part
)

// Act is what the lab does in the student's place.
type Act uint8

// The acts.
const (
	OpenPage Act = iota + 1
	Join
	Speak
)

// Output is one thing that the lesson says or wants.
type Output struct {
	Kind   OutputKind
	Text   string
	Packet int // of Show: the packet's index
	Act    Act // of Do
}

// Options say what a lesson is about.
type Options struct {
	Lang               catalogue.Lang
	ChatPort, PagePort uint16 // as they are on the wire
	Address            string // of the page, for the student's browser
	// ID is the lesson's, which its page has as edition.
	ID string
	// State and Packets are those of an earlier run, to go on with. A nil State
	// begins anew.
	State   *State
	Packets []capture.Packet
}

// Lesson is the state machine. It does no input or output, and keeps no clock.
type Lesson struct {
	lang     catalogue.Lang
	address  string
	pagePort uint16
	trace    trace
	state    State
	question *question // that is being answered
	pageBy   map[uint16]bool
	awaited  bool // a page of this lesson is about to connect
	convs    int  // connections that were looked at
	quiet    bool // no packet has come for a while
	out      []Output
	over     bool // the lesson is finished
	quit     bool

	staleReported bool
}

// New gives a lesson, at its beginning or where o.State says.
func New(o Options) *Lesson {
	l := &Lesson{lang: o.Lang, address: o.Address, pagePort: o.PagePort, trace: trace{port: o.ChatPort}, pageBy: map[uint16]bool{}}
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
	l.state.Strangers = slices.DeleteFunc(slices.Clone(l.state.Strangers), func(conv int) bool { return conv >= l.convs })
	l.state.ID = o.ID
	if l.state.Begin == nil {
		l.state.Begin = map[Step]int{}
	}
	return l
}

// State gives where the lesson stands, to be kept.
func (l *Lesson) State() *State { return &l.state }

// Over tells whether the lesson is finished; Quit whether the student left it.
func (l *Lesson) Over() bool { return l.over }

// Quit tells whether the student has left the lesson.
func (l *Lesson) Quit() bool { return l.quit }

// Packets is how many packets of the chat have been captured.
func (l *Lesson) Packets() int { return len(l.trace.records) }

// Record gives the captured packet of index i, decoded. It begins with its IP
// header.
func (l *Lesson) Record(i int) *dissect.Segment { return l.trace.records[i].segment }

// Scripted tells the lesson the port of the browser that is in the chat before.
func (l *Lesson) Scripted(port uint16) {
	if !slices.Contains(l.state.Scripted, port) {
		l.state.Scripted = append(l.state.Scripted, port)
	}
}

func (l *Lesson) scripted(port uint16) bool { return slices.Contains(l.state.Scripted, port) }

// Start gives what is said first.
func (l *Lesson) Start() []Output {
	switch {
	case l.state.Step == End: // all is done: advance tells the end
	case l.state.Introduced:
		l.output(Sentence, "resumed", "step", l.text("step."+string(l.state.Step)), "n", l.state.Step.index()+1, "of", len(Steps))
		if l.state.Step == Nickname || l.state.Step == Message {
			// The browser has lost its connection meanwhile.
			l.output(Sentence, "resumed.page")
			l.out = append(l.out, Output{Kind: Command, Text: l.address})
		}
		l.instruct()
		l.standIn()
	default:
		l.output(Sentence, "welcome")
		l.output(Sentence, "commands")
	}
	l.advance()
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
	l.output(Heading, "heading", "n", l.state.Step.index()+1, "of", len(Steps), "step", l.text("step."+string(l.state.Step)))
	l.instruct()
}

// instruct says what is to be done in the present step.
func (l *Lesson) instruct() {
	step := l.state.Step
	if step == End {
		return
	}
	l.output(Sentence, "do."+string(step), l.instructArgs()...)
	switch step {
	case Capture:
		l.out = append(l.out, Output{Kind: Command, Text: "sudo tcpdump -Ans 4096 -i any port " + itoa(l.trace.port)})
	case Page:
		l.out = append(l.out, Output{Kind: Command, Text: l.address})
	case Nickname:
		l.out = append(l.out, Output{Kind: Command, Text: scenario.Nick})
	case Message:
		l.out = append(l.out, Output{Kind: Command, Text: scenario.Message})
	}
}

func (l *Lesson) instructArgs() []any {
	args := []any{"port", l.trace.port, "page", l.pagePort, "address", l.address}
	switch l.state.Step {
	case Handshake, Upgrade, Masking, Acks:
		c := l.conversation()
		if c != nil {
			args = append(args, "client", c.say.record.client, "packet", c.say.record.number)
		}
	}
	return args
}

// live goes on in a step that is seen on the wire. It tells whether the step is
// done.
func (l *Lesson) live() bool {
	for l.state.Cursor < len(l.trace.records) {
		i := l.state.Cursor
		r := l.trace.records[i]
		if l.introduction(r) || l.stranger(r) {
			l.state.Cursor++
			continue
		}
		if l.state.Step.index() < Nickname.index() {
			break // it belongs to a later step
		}
		if l.state.Step == Nickname && !l.scripted(r.client) && l.done(false) && holds(r, isMessage(dissect.Client, chat.Say)) {
			l.finishStep()
			return true
		}
		if asked := l.predictions(i); len(asked) > 0 {
			l.ask(asked[0])
			return false
		}
		l.out = append(l.out, Output{Kind: Show, Packet: i})
		l.state.Cursor++
	}
	if l.done(!l.quiet) {
		l.finishStep()
		return true
	}
	return false
}

// introductions gives, by conversation, the number of the packet that ends how a
// scripted browser joined and said good day. That was before; the documented
// page does not show it either.
func (l *Lesson) introductions() map[int]int {
	ends := map[int]int{}
	for _, u := range l.trace.units {
		conv := u.record.conv
		if _, known := ends[conv]; !known && l.scripted(u.record.client) && isMessage(dissect.Server, chat.Say)(u) && u.ackedBy != nil {
			ends[conv] = u.ackedBy.number
		}
	}
	return ends
}

// introduction tells whether r belongs to such a beginning.
func (l *Lesson) introduction(r *record) bool {
	if !l.scripted(r.client) {
		return false
	}
	end, over := l.introductions()[r.conv]
	return !over || r.number <= end
}

func holds(r *record, wanted func(*unit) bool) bool { return slices.ContainsFunc(r.units, wanted) }

// done tells whether the present live step has happened, in what was shown so
// far. If it is strict, with every packet that is due.
func (l *Lesson) done(strict bool) bool { return l.doneBy(l.state.Cursor, strict) }

// doneBy is the same for the packets before the index end.
func (l *Lesson) doneBy(end int, strict bool) bool {
	begin := l.state.Begin[l.state.Step]
	switch l.state.Step {
	case Capture:
		return l.otherPort() != 0
	case Page:
		return l.state.PageSeen
	case Nickname:
		return l.delivered(l.loginUnit(), chat.Login, begin, end, strict)
	case Message:
		return l.delivered(l.sayUnit(), chat.Say, begin, end, strict)
	}
	return false
}

// delivered tells whether what the student sent has reached everybody, and if strict
// whether everybody has acknowledged it.
func (l *Lesson) delivered(sent *unit, kind chat.Type, begin, end int, strict bool) bool {
	if sent == nil || sent.record.number > end {
		return false
	}
	arrived := func(wanted func(*record) bool) bool {
		u := l.trace.find(sent.record.number-1, end, func(u *unit) bool { return isMessage(dissect.Server, kind)(u) && wanted(u.record) })
		return u != nil && (!strict || u.ackedBy != nil && u.ackedBy.number <= end)
	}
	mine := arrived(func(r *record) bool { return r.conv == sent.record.conv })
	if !strict {
		// Of what is said to one other member alone the sender may hear nothing.
		return mine || kind == chat.Say && sent.ackedBy != nil
	}
	return mine && (l.otherPort() == 0 || arrived(func(r *record) bool { return l.scripted(r.client) }))
}

// loginUnit is the student's login in this step, sayUnit what they said.
func (l *Lesson) loginUnit() *unit { return l.sentUnit(chat.Login, l.state.Begin[Nickname]) }
func (l *Lesson) sayUnit() *unit   { return l.sentUnit(chat.Say, l.state.Begin[Message]) }

// sentUnit gives the first that was answered, or else the last: a lesson that was
// left in between, or a page that was loaded again, has the student send it once
// more on another connection. What is said to one other member alone may have no
// answer but TCP's.
func (l *Lesson) sentUnit(kind chat.Type, begin int) (sent *unit) {
	for _, u := range l.trace.units {
		if u.record.number <= begin || !isMessage(dissect.Client, kind)(u) || !l.students(u.record) {
			continue
		}
		sent = u
		if kind == chat.Say && u.ackedBy != nil || l.trace.find(u.record.number-1, len(l.trace.records), func(answer *unit) bool {
			return isMessage(dissect.Server, kind)(answer) && answer.record.conv == u.record.conv
		}) != nil {
			break
		}
	}
	return sent
}

// otherPort is the port of the scripted browser, if it is in the chat: it has
// introduced itself, and its connection has not ended.
func (l *Lesson) otherPort() uint16 { return l.otherPortBefore(len(l.trace.records)) }

// otherPortBefore is the same at the time of the packet of index i.
func (l *Lesson) otherPortBefore(i int) (port uint16) {
	ends := l.introductions()
	for _, r := range l.trace.records[:i] {
		if !l.scripted(r.client) {
			continue
		}
		if r.segment.Flags&(tcp.FIN|tcp.RST|tcp.SYN) != 0 {
			port = 0
		} else if end, over := ends[r.conv]; over && r.number >= end {
			port = r.client
		}
	}
	return port
}

// finishStep says that the present step is done and goes to the next.
func (l *Lesson) finishStep() {
	args := []any{"port", l.trace.port, "page", l.pagePort}
	switch l.state.Step {
	case Capture:
		packets := 0
		for _, r := range l.trace.records {
			if l.scripted(r.client) {
				packets++
			}
		}
		args = append(args, "client", l.otherPort(), "packets", packets)
	case Nickname:
		u := l.loginUnit()
		args = append(args, "name", l.quote(u.message.Name), "client", u.record.client, "packet", u.record.number)
	case Message:
		u := l.sayUnit()
		args = append(args, "text", l.quote(u.message.Content), "packet", u.record.number)
	}
	l.output(Success, "done."+string(l.state.Step), args...)
	l.enter(l.state.Step.next())
}

// enter makes step the present one.
func (l *Lesson) enter(step Step) {
	l.state.Step, l.state.Introduced, l.state.Pending = step, false, Answer{At: -1}
	l.question = nil
	if step.live() {
		l.state.Begin[step] = l.state.Cursor
	}
}

// read goes on in a step of the reading. It tells whether the step is done.
func (l *Lesson) read() bool {
	for _, q := range l.reading(l.state.Step) {
		if !l.answered(q.id) {
			l.ask(q)
			return false
		}
	}
	for _, line := range l.explain(l.state.Step) {
		l.out = append(l.out, Output{Kind: Sentence, Text: line})
	}
	l.enter(l.state.Step.next())
	return true
}

// end says what was done.
func (l *Lesson) end() {
	l.over = true
	l.output(Heading, "heading.end")
	count := map[Outcome]int{}
	for _, a := range l.state.Answers {
		count[a.Outcome]++
	}
	l.output(Sentence, "end.answers", "of", len(l.state.Answers), "right", count[Right], "wrong", count[Wrong], "skipped", count[Skipped])
	if n := len(l.state.StoodIn); n > 0 {
		l.output(Sentence, "end.stoodin", "steps", l.stepNames(l.state.StoodIn))
	}
	l.output(Sentence, l.checksKey(), "port", l.trace.port)
	v := l.verdict()
	if v == nil {
		return
	}
	for _, s := range v.Steps {
		mark := "✗ "
		if s.Status == check.Found {
			mark = "✓ "
		}
		l.out = append(l.out, Output{Kind: Sentence, Text: mark + l.text("check", "step", s.ID.Title(l.lang), "status", s.Status.Title(l.lang))})
	}
}

func (l *Lesson) stepNames(steps []Step) catalogue.List[catalogue.Message] {
	var names catalogue.List[catalogue.Message]
	for _, s := range steps {
		names = append(names, texts.Message("step."+string(s)))
	}
	return names
}

func (l *Lesson) answered(id string) bool {
	return slices.ContainsFunc(l.state.Answers, func(a Answer) bool { return a.Question == id })
}

func (l *Lesson) text(key string, args ...any) string { return texts.Message(key, args...).In(l.lang) }

func (l *Lesson) output(kind OutputKind, key string, args ...any) {
	l.out = append(l.out, Output{Kind: kind, Text: l.text(key, args...)})
}

func (l *Lesson) take() []Output {
	out := l.out
	l.out = nil
	return out
}

// busy tells whether the lesson waits for what the lab itself does, and not for
// the student: for the other browser to join, or for the scripted student.
func (l *Lesson) busy() bool {
	return l.question == nil && l.state.Step.live() && (l.otherPort() == 0 || slices.Contains(l.state.StoodIn, l.state.Step))
}
