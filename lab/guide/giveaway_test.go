package guide

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/tcp"
)

// wrongs are understood as answers and right for no question.
var wrongs = map[string]string{"flags": "[F]", "number": "9", "byte": "ff", "hex": "ff"}

func (s *student) wrong() string { return wrongs[s.lesson.question.form] }

// tellsAnswer tells whether text has the answer in it, in any form.
func tellsAnswer(q *question, text string) bool {
	forms := []string{q.answer}
	switch q.form {
	case "flags":
		forms = append(forms, strings.Trim(q.answer, "[]"), "SYN, ACK", "SYN-ACK", "SYN+ACK", "SYN ACK", "SYN/ACK")
	case "byte", "hex":
		b, _ := strconv.ParseUint(q.answer[:2], 16, 8)
		forms = append(forms, q.answer[:2], fmt.Sprintf("0x%x", b), fmt.Sprintf("%08b", b))
		if len(q.answer) > 2 {
			forms = append(forms, "'"+q.answer[4:5]+"'", "“"+q.answer[4:5]+"”")
		}
	}
	for _, form := range forms {
		found := regexp.MustCompile(`(^|[^0-9A-Za-z.])` + regexp.QuoteMeta(form) + `($|[^0-9A-Za-z])`)
		if found.MatchString(text) {
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
					if strings.Contains(o.Text, reason) || tellsAnswer(q, o.Text) {
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

// Whatever was captured: no hint, no mistake that is named and no word on how to
// answer has the answer in it, nor has the question, but the one that asks for a
// byte of a key has the key.
func TestNothingGivesAnswerAway(t *testing.T) {
	for seed := range uint64(20) {
		lang := catalogue.Langs[seed%3]
		s := beginRandom(t, lang, seed)
		asked := map[string]bool{}
		for s.see(); !s.lesson.Over(); s.see() {
			q := s.lesson.question
			if q == nil {
				t.Fatalf("seed %d: nothing more happens in step %s", seed, s.lesson.state.Step)
			}
			asked[q.id] = true
			told := map[string]string{}
			if q.id != askKeyByte {
				told["ask"] = s.lesson.text("ask."+q.id, q.args...)
			}
			for n := range hints {
				told[fmt.Sprint("hint ", n+1)] = q.hint(n + 1).In(lang)
			}
			for key, text := range texts.Sources(lang) {
				if strings.HasPrefix(key, "mistake.") || strings.HasPrefix(key, "form.") {
					told[key] = text
				}
			}
			for key, text := range told {
				if tellsAnswer(q, text) && !(strings.HasPrefix(key, "mistake.") && !q.names(strings.TrimPrefix(key, "mistake."))) {
					t.Errorf("seed %d, %s: %s has the answer to %s, %s: %s", seed, lang, key, q.id, q.answer, text)
				}
			}
			if out := s.line(q.answer); !texted(out, Success, "") {
				t.Errorf("seed %d: %s: %s is not right", seed, q.id, q.answer)
			}
		}
		// A key may be such that its question would give itself away; the others are
		// asked of every capture.
		for _, id := range questions {
			if !asked[id] && id != askLoginByte && id != askWireByte && id != askKeyByte {
				t.Errorf("seed %d: %s is not asked", seed, id)
			}
		}
	}
}

// names tells whether a mistake of that name is among those of q.
func (q *question) names(mistake string) bool {
	for n := range 512 {
		typed := fmt.Sprint(n)
		if q.form != "number" {
			typed = fmt.Sprintf("%02x", n%256)
		}
		if _, named, _ := q.judge(typed); named == mistake {
			return true
		}
	}
	return false
}

// A question has more than two possible answers: what is left after a wrong one is
// not known.
func TestNoQuestionOffersTwoAnswers(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, id := range questions {
			if text := texts.Sources(lang)["ask."+id]; regexp.MustCompile(`(?i)\b(yes|no|oui|non) (or|ou) |是 或|[吗]？`).MatchString(text) {
				t.Errorf("%s: %s", lang, text)
			}
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
