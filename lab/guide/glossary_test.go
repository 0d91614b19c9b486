package guide

import (
	"slices"
	"strings"
	"testing"

	"chatlab/lab/words"
	"chatlab/sniffer/catalogue"
)

// Each word of the field is explained the first time that it is said, and once, though
// the lesson be left and gone on with; and no explanation answers a question that is
// still to come.
func TestWordsAreExplainedAtFirstUse(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, resumed := range []bool{false, true} {
			s := begin(t, lang)
			for s.see(); !s.lesson.Over(); s.see() {
				if resumed {
					s.again()
				}
				q := s.lesson.question
				for _, o := range s.said {
					if o.Kind == Word && slices.Contains([]string{askAcceptFlags, askStatus, askAcceptBytes}, q.id) && tellsAnswer(q, o.Text) {
						t.Errorf("%s: before %s it is said: %s", lang, q.id, o.Text)
					}
				}
				s.line("hint")
				s.line("skip")
			}
			explained := map[words.Word]int{}
			var waiting []words.Word // said, and not explained yet
			for _, o := range s.said {
				text := o.Text
				if len(waiting) > 0 && o.Kind != Word && o.Kind != Command {
					t.Errorf("%s: before %q nothing explains %v", lang, o.Text, waiting)
				}
				switch o.Kind {
				case Word:
					name := o.Text[:strings.IndexAny(o.Text, ",:、：")]
					w, _, ok := words.Named(lang, strings.TrimRight(name, "\u00a0"))
					if !ok {
						t.Fatalf("%s: %q is no word", lang, name)
					}
					explained[w]++
				case Show:
					text = s.lesson.shownText(o.Packet)
				}
				for _, w := range words.In(lang, text) {
					if explained[w] == 0 {
						waiting = append(waiting, w)
					}
				}
				waiting = slices.DeleteFunc(waiting, func(w words.Word) bool { return explained[w] > 0 })
			}
			for w, n := range explained {
				if n != 1 {
					t.Errorf("%s: %s is explained %d times", lang, w, n)
				}
			}
			for _, w := range []words.Word{"packet", "port", "segment", "frame", "xor", "base64", "ecr", "nop", "window", "hexadecimal"} {
				if explained[w] != 1 {
					t.Errorf("%s: %s is not explained", lang, w)
				}
			}
		}
	}
}
