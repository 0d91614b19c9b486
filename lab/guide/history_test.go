package guide

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
)

func (s *student) report() string {
	s.t.Helper()
	var page strings.Builder
	if err := s.lesson.Report(&page, ReportOptions{}); err != nil {
		s.t.Fatal(err)
	}
	return page.String()
}

// What back and reset take back stays in the report with all tries, in its own
// words; a right answer behind it is no first try, nor is one that had been told.
func TestBackAndResetEraseNothing(t *testing.T) {
	for _, lang := range catalogue.Langs {
		s := begin(t, lang)
		s.see()
		s.line("S")  // 1st try
		s.line("S.") // right later
		s.see()
		first := s.lesson.question.id
		s.line("back")
		s.line("[S.]") // right, but known
		s.see()
		s.line("hint")
		s.line("31")   // a try that is left
		s.line("back") // to accept-flags again
		s.line("F")
		s.line("back") // nothing stands any more: to the page
		s.again()
		if s.lesson.state.Step != Page {
			t.Fatalf("%s: back leads to %s", lang, s.lesson.state.Step)
		}
		page := s.report()
		for _, text := range []string{
			s.lesson.text("report.try", "n", 1, "given", s.lesson.text("quoted", "text", "S")), s.lesson.text("report.try", "n", 2, "given", s.lesson.text("quoted", "text", "S.")),
			s.lesson.text("report.try", "n", 3, "given", s.lesson.text("quoted", "text", "[S.]")), s.lesson.text("report.try", "n", 4, "given", s.lesson.text("quoted", "text", "F")),
			s.lesson.text("report.try", "n", 1, "given", s.lesson.text("quoted", "text", "31")), s.lesson.text("report.hints", "n", 2, "before", 1),
			s.lesson.text("report.back"), s.lesson.text("report.open"), s.lesson.text("report.later"),
			s.lesson.event(Event{What: StepReset, Step: Page}), s.lesson.text("end.undone", "n", 4),
		} {
			if !strings.Contains(page, strings.ReplaceAll(text, "'", "&#39;")) {
				t.Errorf("%s: the report lacks %q", lang, text)
			}
		}
		if first != askRequestAck || strings.Contains(page, s.lesson.text("report.first")) || strings.Contains(page, `class="answer right`) {
			t.Errorf("%s: a later try counts as the first", lang)
		}
		if got, want := s.lesson.state.score(), (score{undone: 4}); got != want {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}

func TestFirstTriesAndLaterOnes(t *testing.T) {
	s := begin(t, catalogue.English)
	s.see()
	s.line("S.")
	s.see()
	s.line("1")
	s.line("716")
	s.see()
	s.line("200")
	s.line("404")
	s.see()
	s.line("skip")
	s.line("back")
	s.line("t") // was told
	if got, want := s.lesson.state.score(), (score{first: 1, later: 2, wrong: 1, undone: 1}); got != want {
		t.Errorf("got %+v", got)
	}
	if line := s.lesson.results()[0]; line != "4 questions: 1 right at the first try, 2 right later, 1 wrong, 0 skipped." {
		t.Error(line)
	}
}

// An answer given before a reset keeps the numbers that it was about, though later
// packets have others.
func TestAnswersKeepTheirNumbers(t *testing.T) {
	s := begin(t, catalogue.English)
	for s.see(); s.lesson.state.Step != Acks; s.see() {
		s.line("skip")
	}
	s.line("31")
	asked := s.lesson.state.Answers[len(s.lesson.state.Answers)-1].Asked
	s.line("reset message")
	s.take(tab(t, scenario.NewcomerPort, 12, 1)) // another message, or the same captured again
	if page := s.report(); !strings.Contains(page, asked) {
		t.Errorf("lost: %s", asked)
	}
}

// The ladder says what happened, where it happened, and whose connection is whose;
// the texts speak of the student's browser and message only if they were.
func TestLadderSaysWhatHappened(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, scripted := range []bool{false, true} {
			s := begin(t, lang)
			s.take(s.packets[:scenario.EarlierCount])
			s.packets = s.packets[scenario.EarlierCount:]
			if scripted {
				s.line("skip")
			}
			s.load()
			if scripted {
				s.line("skip")
				s.lesson.StandIn(scenario.NewcomerPort)
			}
			told := len(s.said)
			s.ask("this")
			for s.see(); s.lesson.state.Step == Nickname; s.see() {
				s.line("skip")
			}
			for s.see(); !s.lesson.Over(); s.see() {
				s.line("skip")
			}
			rows, lanes := s.lesson.ladder()
			var notes []string
			for _, r := range rows {
				if r.Note != "" {
					notes = append(notes, r.Note)
				}
			}
			event := func(what Happening, step Step) string { return s.lesson.event(Event{What: what, Step: step}) }
			port := func(key string, port int) string { return s.lesson.text(key, "port", port) }
			want := []string{port("connection.student", 60653), port("connection.earlier", 60584)}
			if scripted {
				want = []string{event(StepSkipped, Page), event(StepSkipped, Nickname), port("connection.scripted", 60653), port("connection.earlier", 60584)}
			}
			if !slices.Equal(notes, want) {
				t.Errorf("%s: notes %q", lang, notes)
			}
			if !strings.HasSuffix(lanes.Left, " 60653") || lanes.Right != "猪猪 60584" {
				t.Errorf("%s: lanes %+v", lang, lanes)
			}
			for _, o := range s.said[told:] {
				for _, key := range []string{"who.student", "whose.student", "message.student"} {
					if strings.Contains(o.Text, s.lesson.text(key)) && scripted {
						t.Errorf("%s: of a scripted browser it says %s", lang, o.Text)
					}
				}
			}
		}
	}
}

// A lesson that was left and gone on with says so between the packets.
func TestLadderTellsOfLeaving(t *testing.T) {
	s := begin(t, catalogue.English)
	s.see()
	s.line("skip")
	s.see()
	s.again()
	s.again() // with nothing between
	for ; !s.lesson.Over(); s.see() {
		s.line("skip")
	}
	rows, _ := s.lesson.ladder()
	left := 0
	for _, r := range rows {
		if strings.HasPrefix(r.Note, "Here the lesson was left") {
			left++
		}
	}
	if left != 1 {
		t.Errorf("told %d times", left)
	}
}

// A step that is done again three times, each time to an answer, was done again three
// times, though nothing was captured in between.
func TestResetsAreCounted(t *testing.T) {
	s := begin(t, catalogue.English)
	for s.see(); s.lesson.state.Step != Masking; s.see() {
		s.line("skip")
	}
	for n := range 3 {
		if got := s.lesson.state.resets(Masking); got != n {
			t.Errorf("after %d resets: %d", n, got)
		}
		s.line("no such answer")
		s.line("reset masking")
	}
}

// Of what happened behind the end that a capture has lost all is told at that end, and
// keeps nothing back.
func TestLadderOfCutCapture(t *testing.T) {
	s := begin(t, catalogue.English)
	for s.see(); s.lesson.state.Step != Masking; s.see() {
		s.line("skip")
	}
	o := s.options()
	state := *s.lesson.State()
	state.Cursor = len(o.Packets)
	state.Events = []Event{{At: len(o.Packets) + 3, What: LessonLeft, Step: Masking}, {At: len(o.Packets), What: StepReset, Step: Masking, From: End}}
	o.State = &state
	rows, _ := New(o).ladder()
	for _, e := range state.Events {
		if !slices.ContainsFunc(rows, func(r ladderRow) bool { return r.Note == s.lesson.event(e) }) {
			t.Errorf("not told: %s", s.lesson.event(e))
		}
	}
}

// A state of another version is set aside with a line that says so.
func TestOtherVersionIsSetAside(t *testing.T) {
	store := Store{Dir: t.TempDir()}
	if err := os.WriteFile(store.StateFile(), []byte(`{"version":1,"step":"page","pending":{"at":-1}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Load(0)
	var corrupt *corruptError
	if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), "another version") {
		t.Errorf("got %v", err)
	}
}

// skip, reset and going on say who is in the chat, and the scripted browser leaves it
// for a student who wants to join.
func TestScriptedBrowserMakesRoom(t *testing.T) {
	did := func(out []Output, act Act) bool {
		return slices.ContainsFunc(out, func(o Output) bool { return o.Kind == Do && o.Act == act })
	}
	for _, lang := range catalogue.Langs {
		inMessage := func(scripted bool) *student {
			s := begin(t, lang)
			s.take(s.packets[:scenario.EarlierCount])
			s.packets = s.packets[scenario.EarlierCount:]
			s.load()
			if scripted {
				s.line("skip")
				s.lesson.StandIn(scenario.NewcomerPort)
			}
			s.ask("this")
			for s.lesson.state.Step == Nickname {
				if s.lesson.question == nil {
					s.take(s.packets[:1])
					s.packets = s.packets[1:]
				} else {
					s.line("skip")
				}
			}
			return s
		}
		s := inMessage(true)
		if out := s.line("skip"); !did(out, Speak) || !texted(out, Sentence, s.lesson.text("skip.message")) {
			t.Errorf("%s: %+v", lang, out)
		}
		if out := s.line("reset message"); did(out, Leave) || !texted(out, Sentence, s.lesson.text("reset.scripted")) {
			t.Errorf("%s: %+v", lang, out)
		}
		if out := s.line("reset nickname"); !did(out, Leave) || !texted(out, Sentence, s.lesson.text("reset.leaves")) {
			t.Errorf("%s: %+v", lang, out)
		}
		if out := s.line("reset page"); did(out, Leave) {
			t.Errorf("%s: it leaves twice", lang)
		}
		s = inMessage(false)
		if out := s.line("skip"); !did(out, Speak) || !texted(out, Sentence, s.lesson.text("skip.message.joins", "nick", "mynick")) {
			t.Errorf("%s: %+v", lang, out)
		}
		s = inMessage(true)
		s.again()
		if texted(s.said, Sentence, s.lesson.text("skip.message")) || !texted(s.said, Sentence, s.lesson.text("resumed.page")) {
			t.Errorf("%s: going on says %+v", lang, s.said)
		}
		if out := s.line("skip"); !texted(out, Sentence, s.lesson.text("skip.message.joins", "nick", "mynick")) {
			t.Errorf("%s: %+v", lang, out)
		}
	}
}

func TestGoingOnTellsTheFirstTry(t *testing.T) {
	s := begin(t, catalogue.English)
	s.see()
	s.line("S")
	s.said = nil
	s.again()
	if !texted(s.said, Sentence, "answered the question once: “S”") {
		t.Errorf("%+v", s.said)
	}
}

// A step whose questions are over and that was not done, because the lesson was left
// before all was captured, says again what is to be done, and that the browser's
// connection has ended.
func TestGoingOnSaysWhatIsToBeDoneAgain(t *testing.T) {
	for _, lang := range catalogue.Langs {
		s := begin(t, lang)
		for s.see(); s.lesson.state.Step == Nickname; s.see() {
			s.line("skip")
		}
		if s.lesson.question.id != askWireByte {
			t.Fatalf("asked %s", s.lesson.question.id)
		}
		s.said, s.packets = nil, nil
		s.again()
		do := s.lesson.text("do.message")
		if texted(s.said, Sentence, do) || texted(s.said, Sentence, s.lesson.text("resumed.page")) {
			t.Errorf("%s: what was done is to be done, and a question is open: %+v", lang, s.said)
		}
		s.hear(s.lesson.Quiet())
		if out := s.line("skip"); !texted(out, Sentence, do) || !texted(out, Sentence, s.lesson.text("resumed.page")) {
			t.Errorf("%s: nothing says what is to be done: %+v", lang, out)
		}
	}
}
