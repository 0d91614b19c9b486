package check

import (
	"testing"

	"chatlab/sniffer/catalogue"
)

func TestEveryNameHasItsText(t *testing.T) {
	for _, lang := range catalogue.Langs {
		for _, id := range StepIDs {
			if got := id.Title(lang); got == "step."+string(id) {
				t.Errorf("%s: no text for %s", lang, got)
			}
		}
		for _, s := range []Status{Found, Different, Missing} {
			if got := s.Title(lang); got == "status."+string(s) {
				t.Errorf("%s: no text for %s", lang, got)
			}
		}
		for _, k := range []Kind{Match, Allowed, Wrong, Noise} {
			if got := k.Title(lang); got == "kind."+string(k) {
				t.Errorf("%s: no text for %s", lang, got)
			}
		}
	}
}
