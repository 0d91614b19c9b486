package guide

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tcp"
)

// wrongs are understood as answers and right for no question.
var wrongs = map[string]string{"flags": "[F]", "number": "9", "byte": "ff", "hex": "ff"}

func (s *student) wrong() string {
	q := s.lesson.question
	if q.form != "yesno" {
		return wrongs[q.form]
	}
	if right, _, _ := q.judge("yes"); right {
		return "no"
	}
	return "yes"
}

// tellsAnswer tells whether text has the answer that stands nowhere in the
// question. A yes or no is not looked for: any text may have a "no" in it.
func tellsAnswer(l *Lesson, q *question, text string) bool {
	ask := l.text("ask."+q.id, q.args...)
	forms := []string{q.answer}
	switch q.form {
	case "yesno":
		return false
	case "flags":
		forms = append(forms, strings.Trim(q.answer, "[]"), "SYN, ACK", "SYN-ACK", "SYN+ACK", "SYN ACK", "SYN/ACK")
	case "byte", "hex":
		forms = append(forms, q.answer[:2])
		if len(q.answer) > 2 {
			forms = append(forms, "'"+q.answer[4:5]+"'", "“"+q.answer[4:5]+"”")
		}
	}
	for _, form := range forms {
		found := regexp.MustCompile(`(^|[^0-9A-Za-z.])` + regexp.QuoteMeta(form) + `($|[^0-9A-Za-z])`)
		if found.MatchString(text) && !found.MatchString(ask) {
			return true
		}
	}
	return false
}

// Between the first wrong answer and the second try stands neither the answer
// nor the reason, whose words hold it, but a hint; whatever hints were taken
// before. The reason follows the end.
func TestFirstWrongAnswerGivesNothingAway(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for taken := range hints + 1 {
			s := begin(t, lang)
			var asked []string
			for s.see(); !s.lesson.Over(); s.see() {
				q := s.lesson.question
				if q == nil {
					t.Fatalf("%s: nothing more happens in step %s", lang, s.lesson.state.Step)
				}
				asked = append(asked, q.id)
				reason := s.lesson.text("why."+q.id, q.args...)
				between := s.line("what is that?")
				for range taken {
					between = append(between, s.line("hint")...)
				}
				out := s.line(s.wrong())
				between = append(between, out...)
				if s.lesson.question != q || !texted(out, Failure, "") {
					t.Fatalf("%s %s: %q is not a wrong answer: %+v", lang, q.id, s.wrong(), out)
				}
				for _, o := range between {
					if strings.Contains(o.Text, reason) || tellsAnswer(s.lesson, q, o.Text) {
						t.Errorf("%s %s: the first wrong answer is told %q", lang, q.id, o.Text)
					}
				}
				if got, want := texted(out, Hint, s.lesson.text(fmt.Sprintf("hint.%s.%d", q.id, min(taken+1, hints)), q.args...)), taken < hints; got != want {
					t.Errorf("%s %s: after %d hints one more: %v: %+v", lang, q.id, taken, got, out)
				}
				if out = s.line(s.wrong()); !texted(out, Sentence, s.lesson.text("answer", "answer", q.answer)) || !texted(out, Sentence, reason) {
					t.Errorf("%s %s: the last try is told %+v", lang, q.id, out)
				}
			}
			if !slices.Equal(asked, questions) {
				t.Errorf("%s: asked %v", lang, asked)
			}
		}
	}
}

// No mistake that is named, and no hint, is the answer in other words.
func TestMistakesGiveNothingAway(t *testing.T) {
	giveaway := map[string]string{
		askServerMask: `(?i)\bmust not\b|\bne doit\b|\bnot masked\b|\bunmasked\b|non masqué|不得|不加`,
		askFirstCopy:  `(?i)second|\bnot the one\b|non celui|sender first|who has just spoken|celui qui vient de parler|先回答|第二个|而不是`,
	}
	for _, lang := range catalogue.Langs {
		for id, words := range giveaway {
			for key, text := range texts.Sources(lang) {
				if (strings.HasPrefix(key, "hint."+id+".") || id == askFirstCopy && key == "mistake.newest-first") && regexp.MustCompile(words).MatchString(text) {
					t.Errorf("%s: %s gives the answer to %s away: %s", lang, key, id, text)
				}
			}
		}
		s := begin(t, lang)
		for s.see(); !s.lesson.Over(); s.see() {
			q := s.lesson.question
			for key, text := range texts.Sources(lang) {
				if (strings.HasPrefix(key, "mistake.") || strings.HasPrefix(key, "form.")) && tellsAnswer(s.lesson, q, text) {
					t.Errorf("%s: %s has the answer to %s: %s", lang, key, q.id, text)
				}
			}
			s.line("skip")
		}
	}
}

// Flags stand in brackets, as tcpdump prints them: no full stop may be taken for
// an ACK. What was typed stands in quotes.
func TestFlagsStandInBrackets(t *testing.T) {
	loose := regexp.MustCompile(`(^|[\s:：«“(（])[SFPR]?\.[.,;。，、)）]`)
	for _, lang := range catalogue.Langs {
		for key, text := range texts.Sources(lang) {
			if loose.MatchString(text) {
				t.Errorf("%s: %s has flags without brackets: %s", lang, key, text)
			}
		}
		for _, how := range []string{"S.", "F", "skip"} {
			s := begin(t, lang)
			s.see()
			s.line(how)
			if how == "F" {
				s.line("S")
			}
			var page strings.Builder
			if err := s.lesson.Report(&page, ReportOptions{}); err != nil {
				t.Fatal(err)
			}
			said := page.String()
			for _, o := range s.said {
				said += o.Text + "\n"
			}
			if loose.MatchString(said) || !strings.Contains(said, "["+(tcp.SYN|tcp.ACK).String()+"]") {
				t.Errorf("%s: after %q: %q", lang, how, loose.FindAllString(said, -1))
			}
		}
	}
}
