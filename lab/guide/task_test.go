package guide

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
)

var zoes = Task{Student: "zoe", Nick: "brave-fox-10", Message: "two red cats paint big <boats>"}

// A student with a task does that one: another nickname or message is told and does no
// step, and neither does a tab that was left open by an earlier lesson, though it has
// the very nickname and message; in every language, and when the lesson was left in
// between.
func TestTaskIsDoneOrTold(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, left := range []bool{false, true} {
			c := &chatter{Rand: rand.New(rand.NewPCG(1, 2))}
			s := &student{t: t, lang: lang, task: zoes}
			s.lesson = New(s.options())
			s.lesson.Scripted(randomEarlier)
			s.hear(s.lesson.Start())
			// come has the packets that were made since arrive, all questions skipped.
			come := func() {
				t.Helper()
				for s.packets, c.packets = c.packets, nil; len(s.packets) > 0; {
					if s.see(); s.lesson.question != nil {
						s.line("skip")
					}
				}
				s.hear(s.lesson.Quiet())
				for s.lesson.question != nil && s.lesson.state.Step.live() {
					s.line("skip")
				}
			}
			at := func(step Step) {
				t.Helper()
				if s.lesson.state.Step != step {
					t.Fatalf("%s: the lesson is in step %s, not in %s", lang, s.lesson.state.Step, step)
				}
			}
			told := func(kind OutputKind, text string) {
				t.Helper()
				if !texted(s.said, kind, text) {
					t.Errorf("%s: no %q was said", lang, text)
				}
				s.said = nil
			}
			earlier := c.join(randomEarlier, "someone")
			c.say(earlier, "good day")
			c.join(40001, "mynick", earlier)
			come()
			told(Command, zoes.Nick)
			at(Nickname)
			s.ask("that")
			old := c.join(40002, zoes.Nick, earlier)
			c.say(old, zoes.Message, earlier)
			come()
			told(Failure, s.lesson.text("stale"))
			at(Nickname)
			if left {
				s.again()
			}
			s.ask("this")
			mine := c.join(40003, zoes.Nick, earlier)
			come()
			at(Message)
			told(Command, zoes.Message)
			c.say(old, zoes.Message, earlier)
			c.say(mine, "hello", earlier)
			come()
			told(Failure, "hello")
			at(Message)
			c.say(mine, zoes.Message, earlier)
			come()
			for !s.lesson.Over() {
				s.line("skip")
			}
			if v := s.lesson.verdict(); !v.OK() || v.Nick != zoes.Nick || v.Message != zoes.Message {
				t.Errorf("%s: the verdict is on %s and %q: %d steps", lang, v.Nick, v.Message, v.Found())
			}
			told(Sentence, s.lesson.taskText())
			var page bytes.Buffer
			if err := s.lesson.Report(&page, ReportOptions{}); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"zoe", zoes.Nick, "two red cats paint big &lt;boats&gt;"} {
				if !strings.Contains(page.String(), want) {
					t.Errorf("%s: the report has no %q", lang, want)
				}
			}
		}
	}
}

// What the lab sends in the student's place is the task, as a browser would send it,
// and without one what was documented.
func TestScriptedBrowserDoesTheTask(t *testing.T) {
	documented := scenario.Sent(scenario.NewcomerPort, scenario.PacketSay)
	for i, p := range (Task{}).payloads(scenario.PacketSay) {
		if !bytes.Equal(p, documented[i]) {
			t.Errorf("payload %d is not the documented one", i)
		}
	}
	all := zoes.payloads(scenario.PacketSay)
	if len(all) != 3 || len(zoes.payloads(scenario.PacketLogin)) != 2 || !bytes.Equal(all[0], documented[0]) {
		t.Fatalf("%d payloads", len(all))
	}
	for i, want := range []string{`{"type":"login","name":"brave-fox-10"}`, `{"type":"say","to_uid":"all","content":"two red cats paint big <boats>"}`} {
		p := all[i+1]
		h := dissect.ParseFrameHeader(p)
		text := bytes.Clone(p[h.Size:])
		dissect.Mask(text, h.Key, 0)
		m, ok := chat.Parse(text)
		if string(text) != want || !ok || !zoes.fits(&m) || uint64(len(text)) != h.Length || !h.Masked {
			t.Errorf("payload %d says %s", i+1, text)
		}
	}
}

// What is to be typed must come through the page to the wire as it is.
func TestTasksThatCannotBeTyped(t *testing.T) {
	long := strings.Repeat("é", maxNick)
	for nick, want := range map[string]string{
		"": "task.blank", "  ": "task.blank", " a": "task.edges", "a\n": "task.edges", "a\tb": "task.control", "a\x1b[2Jb": "task.control",
		"a\u202eb": "task.control", "a\xffb": "task.control", long + "é": "task.long",
		long: "", "mynick": "", "猪猪": "", `a\b`: "", "two  blanks": "", "<b>&": "", "🙂": "",
	} {
		got := ""
		if err := ValidNick(nick); err != nil {
			got = err.(*catalogue.Error).What.Key()
		}
		if got != want {
			t.Errorf("%q: %s", nick, got)
		}
	}
	if ValidMessage(strings.Repeat("x", maxMessage+1)) == nil || ValidMessage(strings.Repeat("x", maxMessage)) != nil {
		t.Error("a message's length")
	}
}

// A lesson that was saved is gone on with by its own task only; another is set aside,
// whole, and that is said.
func TestOtherTaskIsSetAside(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, tt := range []struct {
			saved, now Task
			same       bool
		}{
			{zoes, zoes, true}, {Task{}, Task{}, true},
			{Task{Nick: "a", Message: scenario.Message}, Task{Nick: "a"}, true},
			{zoes, Task{}, false}, {Task{}, zoes, false}, {zoes, Task{Student: "bob", Nick: "x", Message: "y"}, false},
		} {
			var out strings.Builder
			d := &driver{Config: Config{Lang: lang, Store: Store{t.TempDir()}, Task: tt.now, Screen: &Screen{W: &out, Columns: func() int { return 80 }}}}
			saved := &State{Version: stateVersion, Step: Page, Task: tt.saved, Pending: Answer{At: -1}}
			if err := d.Store.Save(saved); err != nil {
				t.Fatal(err)
			}
			f, err := createPacketFile(d.Store.PacketFile(), documentedPackets(t))
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			state, packets, err := d.load()
			if err != nil || (state != nil) != tt.same || (len(packets) > 0) != tt.same {
				t.Fatalf("%+v, now %+v: %+v, %d packets, %v", tt.saved, tt.now, state, len(packets), err)
			}
			aside := exists(d.Store.StateFile()+".other-task") && exists(d.Store.PacketFile()+".other-task")
			if aside == tt.same || (out.Len() > 0) == tt.same {
				t.Errorf("%s: set aside: %v, said: %q", lang, aside, out.String())
			}
		}
	}
}
