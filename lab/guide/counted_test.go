package guide

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// ordinal finds the key's bytes that are counted from 1, indexed those that are
// counted from 0: the number, and the byte that the sentence ends with.
var (
	ordinal = regexp.MustCompile(`(?:第 ?|byte number |byte |numéro |n° )([0-9]+)[^0-9][^.。]*?\b([0-9a-f]{2})[.。]$`)
	indexed = regexp.MustCompile(`(?:byte at index |(?:celui|octet) (?:de la clé )?d’indice |密钥中编号 )([0-9]+)(?: de la clé)?[^0-9][^.。]*?\b([0-9a-f]{2})[.。]$`)
	from0   = regexp.MustCompile(`from 0|à partir de 0|从 0 数起`)
)

// Where a text names a byte by its number, the byte beside it is that one: an
// index counts from 0 and the text says so, anything else counts from 1.
func TestByteOfThatNumberStandsBesideIt(t *testing.T) {
	for _, lang := range catalogue.Langs {
		s := begin(t, lang)
		seen := 0
		for s.see(); !s.lesson.Over(); s.see() {
			q := s.lesson.question
			if q.id == askLoginByte || q.id == askSayByte {
				at := slices.Index(q.args, any("key"))
				key := strings.Fields(q.args[at+1].(string))
				for _, name := range []string{"why." + q.id, "hint." + q.id + ".2"} {
					text := s.lesson.text(name, q.args...)
					beside := func(found *regexp.Regexp, first int) {
						// The last number before the byte is the one that it has.
						all := found.FindAllStringSubmatchIndex(text, -1)
						for _, m := range all {
							for next := found.FindStringSubmatchIndex(text[m[3]:]); next != nil; next = found.FindStringSubmatchIndex(text[m[3]:]) {
								for i := range next {
									next[i] += m[3]
								}
								m = next
							}
							n, _ := strconv.Atoi(text[m[2]:m[3]])
							if n < first || n-first >= len(key) || key[n-first] != text[m[4]:m[5]] {
								t.Errorf("%s %s: of the key %v: %s", lang, name, key, text)
							}
							seen++
						}
					}
					beside(ordinal, 1)
					beside(indexed, 0)
					if indexed.MatchString(text) && !from0.MatchString(text) {
						t.Errorf("%s %s does not say where it counts from: %s", lang, name, text)
					}
				}
			}
			s.line("skip")
		}
		if seen < 3 {
			t.Errorf("%s: only %d bytes are named by their number", lang, seen)
		}
	}
}

// The numbers n, from and keyindex count from 0: their texts call them indices and
// say so.
func TestIndicesAreCalledSo(t *testing.T) {
	counted := regexp.MustCompile(`第 ?(?:\{(?:n|from|keyindex)\}|i)|[Bb]yte (?:number )?\{|octet (?:numéro )?\{|(?:number|numéro) \{(?:n|from|keyindex)\}`)
	for _, lang := range catalogue.Langs {
		for _, id := range []string{askLoginByte, askSayByte, askKeyByte} {
			for _, key := range []string{"ask." + id, "why." + id, "hint." + id + ".1", "hint." + id + ".2", "hint." + id + ".3"} {
				text := texts.Sources(lang)[key]
				if counted.MatchString(text) {
					t.Errorf("%s: %s counts an index as if from 1: %s", lang, key, text)
				}
				if strings.Contains(text, "mod 4") && !from0.MatchString(text) {
					t.Errorf("%s: %s does not say where it counts from: %s", lang, key, text)
				}
			}
		}
	}
}

// The byte that is asked for is the first of what was said as JSON writes it, and
// the hint does not say that it is another.
func TestFirstByteOfAQuotation(t *testing.T) {
	for _, said := range []string{`"hi"`, `\o/`} {
		l := New((&student{lang: catalogue.English}).options())
		u := &unit{}
		u.From, u.Frame.Masked = 0, true
		u.message.Type, u.message.Content = "say", said
		u.Frame.Payload = fmt.Appendf(nil, `{"type":"say","content":%q}`, said)
		u.Frame.Raw = u.Frame.Payload
		u.Frame.Length = uint64(len(u.Frame.Payload))
		q := l.nextByte(askSayByte, &record{units: []*unit{u}}, "say")
		if q == nil || !strings.HasPrefix(q.answer, "5c") {
			t.Errorf("%s: got %+v", said, q)
		}
		u.message.Content = ""
		if q := l.nextByte(askSayByte, &record{units: []*unit{u}}, "say"); q != nil {
			t.Errorf("an empty message has a first byte: %+v", q)
		}
	}
	for _, lang := range catalogue.Langs {
		if hint := texts.Sources(lang)["hint.say-byte.1"]; !strings.Contains(hint, "JSON") || !strings.Contains(hint, `\`) {
			t.Errorf("%s: the hint says nothing of JSON's \\: %s", lang, hint)
		}
	}
}
