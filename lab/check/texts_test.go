package check

import (
	"testing"

	"chatlab/lab/check/evidence"
	"chatlab/lab/check/texts"
	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue/cataloguetest"
)

// Every text is said, and keys that are put together have theirs.
func TestKeys(t *testing.T) {
	var all []string
	for _, s := range scenario.Steps {
		all = append(all, string(s.ID))
	}
	faults := func(without ...evidence.Fault) []string {
		// Of a file that is empty or foreign there is no report.
		names := []string{string(evidence.Empty), string(evidence.Foreign)}
		for _, f := range without {
			names = append(names, string(f))
		}
		return cataloguetest.Constants(t, "evidence", "Fault", names...)
	}
	cataloguetest.Keys(t, texts.Check, map[string][]string{
		"step.":     all,
		"expected.": all,
		"why.":      all[1:], // the handshake's packets have reasons of their own
		"status.":   cataloguetest.Constants(t, "steps", "Status"),
		"kind.":     cataloguetest.Constants(t, ".", "Kind"),
		"note.":     faults(),
		"hint.":     faults(evidence.Trailing), // all packets are there
	}, ".", "steps", "explain", "texts")
}
