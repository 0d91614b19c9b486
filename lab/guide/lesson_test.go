package guide

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
	"chatlab/sniffer/tcp"
	"chatlab/webclient/site"
)

// student is a lesson that is given the documented packets and typed answers.
type student struct {
	t       *testing.T
	lesson  *Lesson
	packets []capture.Packet // that are still to come
	task    Task
	lang    catalogue.Lang
	said    []Output
}

func documentedPackets(t *testing.T) []capture.Packet {
	t.Helper()
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		var s dissect.Segment
		if err := s.Decode(&packets[i]); err != nil {
			t.Fatal(err)
		}
		packets[i] = *s.Clone().Packet
	}
	return packets
}

func begin(t *testing.T, lang catalogue.Lang) *student {
	t.Helper()
	s := &student{t: t, lang: lang, packets: documentedPackets(t)}
	s.lesson = New(s.options())
	s.lesson.Scripted(scenario.EarlierPort)
	s.hear(s.lesson.Start())
	return s
}

func (s *student) options() Options {
	return Options{Lang: s.lang, ChatPort: scenario.ServerPort, PagePort: 55151, Address: "http://127.0.0.1:55151", ID: "this", Task: s.task}
}

// pagePacket is a packet to or from the page's server.
func pagePacket(from, to uint16, payload string) *capture.Packet {
	b := make([]byte, 40, 40+len(payload))
	b[0], b[8], b[9], b[32], b[33] = 0x45, 64, 6, 5<<4, byte(tcp.PSH|tcp.ACK)
	binary.BigEndian.PutUint16(b[2:], uint16(cap(b)))
	copy(b[12:], []byte{127, 0, 0, 1, 127, 0, 0, 1})
	binary.BigEndian.PutUint16(b[20:], from)
	binary.BigEndian.PutUint16(b[22:], to)
	b = append(b, payload...)
	return &capture.Packet{LinkType: capture.Raw, Data: b, Length: len(b)}
}

const mozilla = " HTTP/1.1\r\nHost: 127.0.0.1:55151\r\nUser-Agent: Mozilla/5.0 (X11)\r\n\r\n"

// ask has a page of a lesson ask whether its lesson is the present one.
func (s *student) ask(id string) {
	out, kept := s.lesson.Packet(pagePacket(40000, 55151, "GET "+site.EditionPath+id+mozilla))
	if kept {
		s.t.Fatal("a packet of the page is kept")
	}
	s.hear(out)
}

// load has a browser load the page.
func (s *student) load() {
	for _, p := range []*capture.Packet{pagePacket(40000, 55151, "GET /"+mozilla), pagePacket(55151, 40000, "HTTP/1.1 200 OK\r\n")} {
		out, _ := s.lesson.Packet(p)
		s.hear(out)
	}
}

func (s *student) hear(out []Output) { s.said = append(s.said, out...) }

// see lets packets come until a question is asked, the lesson is over or there
// are none left.
func (s *student) see() {
	for s.lesson.question == nil && len(s.packets) > 0 && !s.lesson.Over() {
		out, kept := s.lesson.Packet(&s.packets[0])
		if !kept {
			s.t.Fatal("a packet of the chat is not kept")
		}
		s.hear(out)
		s.packets = s.packets[1:]
		if s.lesson.state.Step == Page {
			s.load()
			s.ask("this")
		}
	}
}

func (s *student) line(text string) []Output {
	out := s.lesson.Line(text)
	s.hear(out)
	return out
}

// again leaves the lesson and takes it up anew from what was saved.
func (s *student) again() {
	s.t.Helper()
	data, err := json.Marshal(s.lesson.State())
	if err != nil {
		s.t.Fatal(err)
	}
	o := s.options()
	o.State = &State{}
	if err := json.Unmarshal(data, o.State); err != nil {
		s.t.Fatal(err)
	}
	for i := range s.lesson.Packets() {
		o.Packets = append(o.Packets, *s.lesson.Record(i).Packet)
	}
	if err := o.State.valid(len(o.Packets)); err != nil {
		s.t.Fatal(err)
	}
	s.lesson = New(o)
	s.hear(s.lesson.Start())
}

// answers are right for the documented packets: read from tcpdump's lines of
// 2014 and the RFCs, not from the program.
var answers = map[string]string{
	askAcceptFlags: "S.",
	askRequestAck:  "716",
	askStatus:      "101",
	askLoginByte:   "t",
	askSecondByte:  "6c", // "(length 110)" less two of header is 0x6c
	askWireByte:    "47", // G, as the page shows it
	askCopySeq:     "346",
	askCopyAck:     "448",
	askAcceptBytes: "20",
	askKeyByte:     "44",
	askServerSize:  "54",
	askWhoAcks:     "31",
}

func (s *student) right() string {
	if s.lesson.question.id == askThirdAck {
		for _, p := range scenario.Documented()[scenario.EarlierCount:] {
			if p.Flags.String() == "S." {
				return fmt.Sprint(p.Seq + 1)
			}
		}
	}
	return answers[s.lesson.question.id]
}

func texted(out []Output, kind OutputKind, text string) bool {
	return slices.ContainsFunc(out, func(o Output) bool { return o.Kind == kind && strings.Contains(o.Text, text) })
}

// unfilled is the place of an argument that was not given.
var unfilled = regexp.MustCompile(`\{[a-z]+[,}]`)

// Every question has the documented capture's answer; each packet of the 19 is
// shown once, in order, and behind the question about it.
func TestLessonFromStartToEnd(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, resumed := range []bool{false, true} {
			s := begin(t, lang)
			var asked []string
			for s.see(); !s.lesson.Over(); s.see() {
				q := s.lesson.question
				if q == nil {
					t.Fatalf("%s: nothing more happens in step %s", lang, s.lesson.state.Step)
				}
				if resumed {
					s.again()
					q = s.lesson.question
				}
				asked = append(asked, q.id)
				if out := s.line(s.right()); !texted(out, Success, "") {
					t.Fatalf("%s: %q is not right for %s", lang, s.right(), q.id)
				}
			}
			if !slices.Equal(asked, questions) {
				t.Errorf("%s: asked %v", lang, asked)
			}
			var shown []int
			for _, o := range s.said {
				if o.Kind == Show && !(resumed && slices.Contains(shown, o.Packet)) {
					shown = append(shown, o.Packet)
				}
				if unfilled.MatchString(o.Text) {
					t.Errorf("%s: an argument is not filled in: %s", lang, o.Text)
				}
			}
			if len(shown) != 19 || shown[0] != scenario.EarlierCount || !slices.IsSorted(shown) {
				t.Errorf("%s: shown %v", lang, shown)
			}
			for _, a := range s.lesson.State().Answers {
				if a.Outcome != Right {
					t.Errorf("%s: %s is %s", lang, a.Question, a.Outcome)
				}
			}
			if !s.lesson.verdict().OK() {
				t.Errorf("%s: the documented capture is not found right", lang)
			}
		}
	}
}

// The packet that a question is about is not shown before the answer.
func TestAsksBeforeItTells(t *testing.T) {
	s := begin(t, catalogue.English)
	for s.see(); s.lesson.question.at >= 0; s.see() {
		at := s.lesson.question.at
		if slices.ContainsFunc(s.said, func(o Output) bool { return o.Kind == Show && o.Packet >= at }) {
			t.Errorf("%s: its packet has been shown", s.lesson.question.id)
		}
		s.line("skip")
	}
}

func TestWrongAnswerGetsTheReason(t *testing.T) {
	for _, lang := range catalogue.Langs {
		s := begin(t, lang)
		s.see()
		out := s.line("S")
		if !texted(out, Failure, "S") || !texted(out, Sentence, s.lesson.text("mistake.no-ack")) || texted(out, Sentence, "RFC 9293 §3.5") {
			t.Errorf("%s: got %+v", lang, out)
		}
		if out = s.line("F"); !texted(out, Sentence, s.lesson.text("answer", "answer", "[S.]")) || !texted(out, Sentence, "RFC 9293 §3.5") {
			t.Errorf("%s: got %+v", lang, out)
		}
		if a := s.lesson.State().Answers[0]; a.Outcome != Wrong || !slices.Equal(a.Given, []string{"S", "F"}) {
			t.Errorf("%s: kept %+v", lang, a)
		}
		s.see()
		s.line("715")
		if !texted(s.said, Sentence, s.lesson.text("mistake.last-byte")) {
			t.Errorf("%s: 715 is not explained", lang)
		}
		if s.line("716"); s.lesson.State().Answers[1].Outcome != Right {
			t.Errorf("%s: the second try does not count", lang)
		}
	}
}

func TestEveryReasonNamesAnRFC(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, id := range questions {
			if !strings.Contains(texts.Sources(lang)["why."+id], "RFC ") || !strings.Contains(texts.Sources(lang)["why."+id], "§") {
				t.Errorf("%s: why.%s names no RFC's section", lang, id)
			}
		}
	}
}

func TestHintsComeInStages(t *testing.T) {
	s := begin(t, catalogue.English)
	if out := s.line("hint"); !texted(out, Hint, "1 of 3") {
		t.Errorf("a step has no hint: %+v", out)
	}
	s.see()
	seen := map[string]bool{}
	for n := 1; n <= hints; n++ {
		out := s.line("hint")
		if !texted(out, Hint, fmt.Sprintf("%d of 3", n)) || seen[out[0].Text] {
			t.Errorf("hint %d: %+v", n, out)
		}
		seen[out[0].Text] = true
		s.again()
	}
	if out := s.line("提示"); !texted(out, Sentence, "no further hint") {
		t.Errorf("got %+v", out)
	}
	s.line("S.")
	if a := s.lesson.State().Answers[0]; a.Hints != hints {
		t.Errorf("%d hints kept", a.Hints)
	}
}

func TestBackAndReset(t *testing.T) {
	s := begin(t, catalogue.English)
	if s.line("back"); !texted(s.said, Sentence, "the beginning") {
		t.Error("back at the beginning")
	}
	for s.see(); s.lesson.state.Step.live(); s.see() {
		s.line("skip")
	}
	// Back from the reading into the message, and further.
	s.line("back")
	if s.lesson.question.id != askCopyAck || s.lesson.state.Step != Message {
		t.Fatalf("back leads to %s", s.lesson.question.id)
	}
	s.line("back")
	s.line("back")
	s.line("back")
	if s.lesson.question.id != askSecondByte || s.lesson.state.Step != Nickname {
		t.Fatalf("back leads to %s", s.lesson.question.id)
	}
	s.again()
	s.line("6c")
	if s.lesson.question.id != askWireByte {
		t.Fatalf("forth leads to %s", s.lesson.question.id)
	}
	for s.lesson.state.Step != Acks {
		s.line("skip")
	}
	s.line("reset masking")
	if s.lesson.question.id != askKeyByte || s.lesson.answered(askServerSize) || !s.lesson.answered(askAcceptBytes) {
		t.Errorf("reset masking leads to %s", s.lesson.question.id)
	}
	if s.line("reset acks"); s.lesson.state.Step != Masking {
		t.Error("reset leads forward")
	}
	// A step that is seen on the wire waits for new packets.
	s.line("refaire message")
	if s.lesson.state.Step != Message || s.lesson.question != nil {
		t.Errorf("reset message: step %s", s.lesson.state.Step)
	}
	s.line("reset all")
	if st := s.lesson.State(); st.Step != Page || s.lesson.lastStanding() >= 0 || len(st.Answers) < len(questions) {
		t.Errorf("reset all: %+v", st)
	}
	s.again()
}

// A step that was left to the lab says so once.
func TestSkipAnAction(t *testing.T) {
	s := begin(t, catalogue.English)
	for s.lesson.state.Step == Capture {
		out, _ := s.lesson.Packet(&s.packets[0])
		s.hear(out)
		s.packets = s.packets[1:]
	}
	out := s.line("skip")
	if i := slices.IndexFunc(out, func(o Output) bool { return o.Kind == Do }); i < 0 || out[i].Act != OpenPage {
		t.Fatalf("got %+v", out)
	}
	if out := s.line("skip"); slices.ContainsFunc(out, func(o Output) bool { return o.Kind == Do }) {
		t.Error("the page is opened twice")
	}
}

// What is typed can be anything.
func TestLineTakesAnything(t *testing.T) {
	s := begin(t, catalogue.English)
	s.see()
	for _, line := range []string{"", "   ", "\x1b[2J", "\xff\xfe", "reset \x07", "\u202eevil", strings.Repeat("9", 5000), "ＨＩＮＴ", "１０１"} {
		for _, o := range s.line(line) {
			if strings.ContainsAny(o.Text, "\x1b\x07\u202e") || strings.Contains(o.Text, "\xff") {
				t.Errorf("%q comes back in %q", line, o.Text)
			}
		}
	}
}
