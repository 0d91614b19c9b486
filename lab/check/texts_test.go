package check

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
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

// What the code says is in the catalogue, and the catalogue says nothing else.
func TestTextsAreThoseThatAreSaid(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	said := map[string]bool{}
	key := regexp.MustCompile(`"((?:step|status|kind|expected|got|hint|note|noise|why|text|html)\.[a-z.-]*)"`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(source), -1) {
			said[m[1]] = true
		}
	}
	for _, id := range StepIDs {
		for _, prefix := range []string{"step.", "expected.", "why."} {
			said[prefix+string(id)] = true
		}
	}
	delete(said, "why."+string(TCPHandshake))
	for _, name := range []Status{Found, Different, Missing} {
		said["status."+string(name)] = true
	}
	for _, name := range []Kind{Match, Allowed, Wrong, Noise} {
		said["kind."+string(name)] = true
	}
	for _, fault := range []Fault{Cut, Trailing, Broken} {
		said["note."+string(fault)] = true
	}
	for _, fault := range []Fault{Cut, Broken} {
		said["hint."+string(fault)] = true
	}
	for k := range said {
		if k[len(k)-1] != '.' && texts.Sources(catalogue.English)[k] == "" {
			t.Errorf("no text for %s", k)
		}
	}
	for k := range texts.Sources(catalogue.English) {
		if !said[k] {
			t.Errorf("nobody says %s", k)
		}
	}
}

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	steps := cataloguetest.Constants(t, ".", "StepID")
	if len(steps) != len(StepIDs) {
		t.Errorf("%d steps, %d in StepIDs", len(steps), len(StepIDs))
	}
	cataloguetest.Composed(t, texts, ".", map[string][]string{
		"step.":     steps,
		"expected.": steps,
		// The handshake's packets have reasons of their own.
		"why.":    cataloguetest.Constants(t, ".", "StepID", string(TCPHandshake)),
		"status.": cataloguetest.Constants(t, ".", "Status"),
		"kind.":   cataloguetest.Constants(t, ".", "Kind"),
		// Of a file that is empty or foreign there is no report; one that only goes on
		// too long has all packets.
		"note.": cataloguetest.Constants(t, ".", "Fault", string(Empty), string(Foreign)),
		"hint.": cataloguetest.Constants(t, ".", "Fault", string(Empty), string(Foreign), string(Trailing)),
	})
}
