package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/check/texts"
	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// What the code says is in the catalogue, and the catalogue says nothing else.
func TestTextsAreThoseThatAreSaid(t *testing.T) {
	said := map[string]bool{}
	key := regexp.MustCompile(`"((?:step|status|kind|expected|got|hint|note|noise|why)\.[a-z.-]*)"`)
	for _, dir := range []string{".", "steps", "explain"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllStringSubmatch(string(source), -1) {
				said[m[1]] = true
			}
		}
	}
	for _, s := range scenario.Steps {
		for _, prefix := range []string{"step.", "expected.", "why."} {
			said[prefix+string(s.ID)] = true
		}
	}
	delete(said, "why."+string(annotate.Handshake))
	for _, name := range []steps.Status{steps.Found, steps.Different, steps.Missing} {
		said["status."+string(name)] = true
	}
	for _, name := range []Kind{Match, Allowed, Different, Outside} {
		said["kind."+string(name)] = true
	}
	for _, fault := range []evidence.Fault{evidence.Cut, evidence.Trailing, evidence.Broken} {
		said["note."+string(fault)] = true
	}
	for _, fault := range []evidence.Fault{evidence.Cut, evidence.Broken} {
		said["hint."+string(fault)] = true
	}
	have := texts.Check.Sources(catalogue.English)
	for k := range said {
		if k[len(k)-1] != '.' && have[k] == "" {
			t.Errorf("no text for %s", k)
		}
	}
	for k := range have {
		if !said[k] {
			t.Errorf("nobody says %s", k)
		}
	}
}

// Keys that are put together have their texts.
func TestComposedKeysHaveTexts(t *testing.T) {
	var carried []string
	for _, s := range scenario.Steps[1:] { // the handshake's packets have reasons of their own
		carried = append(carried, string(s.ID))
	}
	cataloguetest.Composed(t, texts.Check, ".", map[string][]string{
		"why.":  carried,
		"kind.": cataloguetest.Constants(t, ".", "Kind"),
		// Of a file that is empty or foreign there is no report.
		"note.": cataloguetest.Constants(t, "evidence", "Fault", string(evidence.Empty), string(evidence.Foreign)),
	})
}
