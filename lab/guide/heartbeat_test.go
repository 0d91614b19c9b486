package guide

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// Heartbeats that pass while the student thinks are not shown one by one, neither on
// the terminal nor in the report, and no question is lost by it.
func TestHeartbeatsAreLeftOut(t *testing.T) {
	for lang, lead := range map[catalogue.Lang]string{catalogue.English: "Left out here:", catalogue.French: "Laissés de côté ici\u00a0:", catalogue.Chinese: "这里略去："} {
		c := &chatter{Rand: rand.New(rand.NewPCG(3, 4))}
		beat := func(l *line) {
			for range 30 {
				c.server(l, plain(`{"type":"ping"}`))
				c.client(l, c.masked(`{"type":"pong"}`))
			}
		}
		earlier := c.join(randomEarlier, "someone")
		c.say(earlier, "good day")
		mine := c.join(40001, "mynick", earlier)
		beat(mine)
		c.say(mine, "hi", earlier)
		beat(mine)
		s := &student{t: t, lang: lang, packets: c.packets}
		s.lesson = New(s.options())
		s.lesson.Scripted(randomEarlier)
		s.hear(s.lesson.Start())
		asked := map[string]bool{}
		for s.see(); !s.lesson.Over(); s.see() {
			if s.lesson.question == nil {
				t.Fatalf("%s: nothing more happens in step %s", lang, s.lesson.state.Step)
			}
			asked[s.lesson.question.id] = true
			s.line(s.lesson.question.answer)
		}
		beats, shown, told := 0, 0, 0
		for _, r := range s.lesson.trace.records {
			if r.comment.Heartbeat {
				beats++
			}
		}
		for _, o := range s.said {
			if o.Kind == Show && s.lesson.trace.records[o.Packet].comment.Heartbeat {
				shown++
			}
			if o.Kind == Sentence && strings.HasPrefix(o.Text, lead) {
				told++
			}
		}
		// One is shown for the question where the sender's copy begins.
		if beats < 100 || shown != 1 || told < 2 || !asked[askCopySeq] || !asked[askWhoAcks] {
			t.Errorf("%s: of %d packets of heartbeats %d are shown, %d lines tell of them; asked: %v", lang, beats, shown, told, asked)
		}
		var page bytes.Buffer
		if err := s.lesson.Report(&page, ReportOptions{}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(page.String(), `class="packet"`); n > 60 || !strings.Contains(page.String(), lead) {
			t.Errorf("%s: the report has %d packets", lang, n)
		}
	}
}
