package guide

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"chatlab/sniffer/catalogue"
)

// ofKey finds a byte of the key by its number, and the byte that stands beside it.
var ofKey = regexp.MustCompile(`(?:the key’s byte |l’octet |密钥的第 )([0-9]+)(?: de la clé| 个字节)?[^0-9;；]*?\b([0-9a-f]{2})[.。]`)

// Where a text names a byte of the key by its number, counted from 1, the byte beside
// it is that one.
func TestByteOfThatNumberStandsBesideIt(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for seed := range uint64(5) {
			s := beginRandom(t, lang, seed)
			seen := 0
			for s.see(); !s.lesson.Over(); s.see() {
				q := s.lesson.question
				if q.id == askLoginByte || q.id == askWireByte {
					key := strings.Fields(q.arg("key").(string))
					for n := range hints {
						for _, m := range ofKey.FindAllStringSubmatch(q.hint(n+1).In(lang), -1) {
							if n, _ := strconv.Atoi(m[1]); n < 1 || n > len(key) || key[n-1] != m[2] {
								t.Errorf("%s: of the key %v: %s", lang, key, m[0])
							}
							seen++
						}
					}
				}
				s.line("skip")
			}
			if seen != 2 {
				t.Errorf("%s: %d bytes are named by their number", lang, seen)
			}
		}
	}
}

// All is counted from 1, and a formula says so.
func TestCountsFromOne(t *testing.T) {
	fromZero := regexp.MustCompile(`(?i)\bindex\b|\bindices (0|de)|d’indice \{|l’indice|from 0|à partir de 0|从 0 |\bi mod 4`)
	formula := regexp.MustCompile(`mod 4`)
	saysSo := regexp.MustCompile(`\(\(i − 1\) mod 4\) \+ 1.*(counted from 1|comptés à partir de 1|从 1 数起)`)
	for _, lang := range catalogue.Langs {
		for key, text := range texts.Sources(lang) {
			if fromZero.MatchString(text) || formula.MatchString(text) && !saysSo.MatchString(text) {
				t.Errorf("%s: %s: %s", lang, key, text)
			}
		}
	}
}

// Nobody is asked for what was typed: bytes that are asked for stand before all that
// a student chooses.
func TestAsksForNothingTyped(t *testing.T) {
	for _, payload := range []string{`{"type":"say","to_uid":"all","content":"hi"}`, `{"type":"login","name":"type"}`} {
		if n := ownBytes([]byte(payload)); payload[n] != ',' || strings.Contains(payload[:n], "hi") || strings.Contains(payload[:n], "name") {
			t.Errorf("of %s: %d", payload, n)
		}
	}
	for _, payload := range []string{"", "{}", `{"name":"x","type":"login"}`, `{"type":"x`} {
		if n := ownBytes([]byte(payload)); n != 0 {
			t.Errorf("of %s: %d", payload, n)
		}
	}
}

func (q *question) arg(name string) any {
	for i := 0; i < len(q.args); i += 2 {
		if q.args[i] == name {
			return q.args[i+1]
		}
	}
	return nil
}
