package guide

import (
	"strconv"
	"testing"

	"chatlab/lab/stage"
	"chatlab/sniffer/catalogue"
)

// Loading the catalogue fails if a language lacks a text that another has; here
// are the texts whose keys are put together.
func TestEveryTextIsThere(t *testing.T) {
	var keys []string
	for _, id := range questions {
		keys = append(keys, "ask."+id, "why."+id)
		for n := range hints {
			keys = append(keys, "hint."+id+"."+strconv.Itoa(n+1))
		}
	}
	for _, s := range Steps {
		keys = append(keys, "step."+string(s), "word.step."+string(s), "do."+string(s))
		if !s.live() {
			continue
		}
		keys = append(keys, "done."+string(s))
		if s != Capture {
			keys = append(keys, "skip."+string(s))
		}
		for n := range hints {
			keys = append(keys, "hint."+string(s)+"."+strconv.Itoa(n+1))
		}
	}
	for _, name := range stage.Names {
		keys = append(keys, "stage."+name)
	}
	for _, form := range []string{"flags", "number", "byte", "hex"} {
		keys = append(keys, "form."+form)
	}
	for _, lang := range catalogue.Langs {
		for _, key := range keys {
			if texts.Sources(lang)[key] == "" {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
	}
}
